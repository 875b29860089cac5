/** All of an object but a few of its fields; what it has not is left out as well. */
export function omit<Value extends object, Key extends PropertyKey>(
  value: Value,
  keys: readonly Key[],
): Omit<Value, Key> {
  const left = new Set<PropertyKey>(keys);
  return Object.fromEntries(Object.entries(value).filter(([key]) => !left.has(key))) as Omit<Value, Key>;
}

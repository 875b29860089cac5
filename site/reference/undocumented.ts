/** Exports and public members of theirs that no docstring says anything of. */
import ts from 'typescript';
import { isHidden, isOwn, type Surface } from './surface.ts';

/** `Pause.drawMs` of an interface, `Leak.reason` of any member of a union. */
export function undocumented({ root, checker, declared }: Surface): string[] {
  const seen = new Set<ts.Type>();
  const isSilent = (symbol: ts.Symbol) => symbol.getDocumentationComment(checker).length === 0;
  const membersOf = (type: ts.Type, path: string): string[] => {
    if (seen.has(type)) return [];
    seen.add(type);
    const parts = type.isUnionOrIntersection() ? type.types : [type];
    return parts.flatMap((part) => checker.getPropertiesOfType(part).flatMap((member) => ofMember(member, path)));
  };
  const ofMember = (member: ts.Symbol, path: string): string[] => {
    const [declaration] = member.declarations ?? [];
    if (declaration === undefined || !isOwnMember(root, declaration) || isHidden(declaration)) return [];
    const name = `${path}.${member.name}`;
    const inner = checker.getTypeOfSymbol(member);
    const literal = ts.isPropertySignature(declaration) && declaration.type && ts.isTypeLiteralNode(declaration.type);
    return [
      // What a union is told apart by says what it is.
      ...(member.name !== 'kind' && isSilent(member) ? [name] : []),
      ...(literal === true ? membersOf(checker.getNonNullableType(inner), name) : []),
    ];
  };
  return declared.flatMap(({ name, symbol }) => [
    ...(isSilent(symbol) ? [name] : []),
    ...membersOf(
      symbol.flags & ts.SymbolFlags.Type ? checker.getDeclaredTypeOfSymbol(symbol) : checker.getTypeOfSymbol(symbol),
      name,
    ),
  ]);
}

function isOwnMember(root: string, declaration: ts.Declaration): boolean {
  const isMember =
    ts.isPropertySignature(declaration) || ts.isMethodSignature(declaration) || ts.isClassElement(declaration);
  return isMember && isOwn(root, declaration);
}

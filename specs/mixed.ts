/** The plan's mixed load: its four endpoints in turn. */
import { mix } from 'playload';
import { endpoints } from './plan.ts';

export const mixed = mix(Object.values(endpoints).map(({ call }) => [1, call] as const));

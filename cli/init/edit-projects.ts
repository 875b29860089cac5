/** Adds a project for load tests, and keeps their specs out of the projects that are there: those run what they always ran. */
import type { SeenConfig, SeenProject } from '../seen-config.ts';
import { type Edit, insert, isSpread, listOf, type Written } from './insert.ts';
import { loadSpecs, type LoadProject, writtenLoadProject } from './load-project.ts';
import { mayMatch } from './may-match.ts';
import { quoted, type Style } from './style.ts';
import {
  bare,
  type Expression,
  type ObjectExpression,
  type Parsed,
  propertyOf,
  hidesProperties,
  spanOf,
  textOf,
  valueOf,
} from './syntax.ts';

export interface ProjectsParts {
  readonly edit: Edit;
  readonly object: ObjectExpression;
  /** Whether something that the object does not show may say more: a spread, a base. */
  readonly isHidden: boolean;
  /** `defineConfig(base, {…})` adds our projects to those of the base. */
  readonly hasBase: boolean;
  readonly seen: SeenConfig;
}

/** What the object gets besides, or undefined where it cannot be done surely; then nothing was changed. */
export function editProjects(parts: ProjectsParts): readonly Written[] | undefined {
  const { object, seen, isHidden } = parts;
  const property = propertyOf(object, 'projects');
  const value = valueOf(property);
  if (value === undefined || property === undefined) {
    if (seen.projects === undefined) return isHidden && seen.hasTestIgnore ? undefined : forFirstProjects(parts);
    return parts.hasBase ? besideOthers(parts) : undefined;
  }
  const array = bare(value);
  const own = array.type === 'ArrayExpression' ? array.elements : [undefined];
  const literal = own.map((each) => (each && each.type !== 'SpreadElement' ? bare(each) : undefined));
  const objects = literal.flatMap((each) => (each?.type === 'ObjectExpression' ? [each] : []));
  if (array.type === 'ArrayExpression' && objects.length === own.length) return inEach(parts, array, objects);
  if (seen.projects === undefined || property.shorthand) return undefined;
  const more = besideOthers(parts);
  if (more === undefined) return undefined;
  const { edit } = parts;
  const load = writtenLoadProject({ ...loadProjectOf(parts), testIgnore: '[]' }, edit.style);
  if (array.type === 'ArrayExpression') {
    if (array.elements.includes(null)) return undefined;
    const list = listOf(array, array.elements);
    insert(edit, list, list.items.length, load);
  } else {
    const { start, end } = spanOf(value);
    const isPlain = ['Identifier', 'CallExpression', 'MemberExpression', 'ParenthesizedExpression'].includes(
      value.type,
    );
    edit.text.appendLeft(start, isPlain ? '[...' : '[...(');
    edit.text.appendRight(end, `${isPlain ? '' : ')'}, ${load('', false)}]`);
  }
  return more.slice(0, 1);
}

const theirs = (style: Style) => `testIgnore: ${quoted(loadSpecs, style)}`;

/** Projects that cannot be edited one by one all ignore what the configuration ignores, if they say nothing themselves. */
function besideOthers(parts: ProjectsParts): readonly Written[] | undefined {
  const { seen, edit, isHidden, hasBase } = parts;
  if (seen.hasTestIgnore || (isHidden && !hasBase)) return undefined;
  if (seen.projects?.some(({ hasTestIgnore }) => hasTestIgnore) !== false) return undefined;
  const load = writtenLoadProject({ ...loadProjectOf(parts), testIgnore: '[]' }, edit.style);
  return [() => theirs(edit.style), (indent, spread) => projectsText([load], { indent, spread, style: edit.style })];
}

/** The tests that are there get a project without a name, as which they have run all the time. */
function forFirstProjects(parts: ProjectsParts): readonly Written[] | undefined {
  const { edit, object } = parts;
  const ignored = withOurs(edit, valueOf(propertyOf(object, 'testIgnore')));
  if (ignored === undefined) return undefined;
  const load = writtenLoadProject(loadProjectOf(parts), edit.style);
  return [
    (indent, spread) => projectsText([() => `{ testIgnore: ${ignored} }`, load], { indent, spread, style: edit.style }),
  ];
}

function projectsText(
  projects: readonly Written[],
  { indent, spread, style }: { readonly indent: string; readonly spread: boolean; readonly style: Style },
): string {
  if (!spread) return `projects: [${projects.map((each) => each('', false)).join(', ')}]`;
  const inner = `${indent}${style.indent}`;
  const line = `${style.newline}${inner}`;
  const lines = projects.map((each) => each(inner, true)).join(`,${line}`);
  return `projects: [${line}${lines}${style.lastComma}${style.newline}${indent}]`;
}

/** What is ignored so far and our specs, as text; undefined where it is not surely a pattern or a list of them. */
function withOurs({ parsed, style }: Edit, said: Expression | undefined): string | undefined {
  const ours = quoted(loadSpecs, style);
  if (said === undefined) return ours;
  const patterns = patternsOf(parsed, said);
  return patterns === undefined ? undefined : `[${[...patterns, ours].join(', ')}]`;
}

function patternsOf(parsed: Parsed, said: Expression): readonly string[] | undefined {
  const value = bare(said);
  if (isPattern(value)) return [textOf(parsed, value)];
  if (value.type !== 'ArrayExpression') return undefined;
  const patterns = value.elements.filter((each) => each !== null && each.type !== 'SpreadElement');
  if (patterns.length !== value.elements.length || !patterns.every(isPattern)) return undefined;
  return patterns.map((each) => textOf(parsed, each));
}

const isPattern = ({ type }: Expression) => ['StringLiteral', 'RegExpLiteral', 'TemplateLiteral'].includes(type);

/** All projects are written out: each that could take in our specs leaves them out. */
function inEach(
  parts: ProjectsParts,
  array: Extract<Expression, { type: 'ArrayExpression' }>,
  objects: readonly ObjectExpression[],
): readonly Written[] | undefined {
  const { edit, seen, object, isHidden } = parts;
  const ofAll = valueOf(propertyOf(object, 'testIgnore'));
  if (seen.hasTestIgnore && ofAll === undefined && isHidden) return undefined;
  const known = seen.projects ?? [];
  if (known.length > objects.length) return undefined; // of a base, which may be somebody else's
  const changes = objects.map((each, at) => {
    const project = parts.hasBase ? undefined : known[at];
    return canMatch(seen, project) ? ignoring(edit, each, { ofAll, project }) : () => undefined;
  });
  if (changes.includes(undefined)) return undefined;
  for (const change of changes) change?.();
  const load = writtenLoadProject(loadProjectOf(parts), edit.style);
  const list = listOf(array, array.elements);
  // In an array that stands in one line, but in an object that does not, the project gets lines of its own as well.
  const wide = list.items.length === 0 && isSpread(edit.parsed, listOf(object, object.properties));
  if (wide) edit.text.overwrite(list.start, list.end, emptyFilled(edit, list.start, load));
  else insert(edit, list, list.items.length, load);
  return [];
}

function emptyFilled({ parsed, style }: Edit, at: number, load: Written): string {
  const line = parsed.source.slice(parsed.source.lastIndexOf('\n', at) + 1);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  return projectsText([load], { indent, spread: true, style }).slice('projects: '.length);
}

function canMatch(all: SeenConfig, project: SeenProject | undefined): boolean {
  if (project === undefined) return true;
  const patterns = project.testMatch ?? all.testMatch;
  return patterns === undefined || patterns.some(mayMatch);
}

/** What makes a project leave our specs out; undefined where it is not sure how. */
function ignoring(
  edit: Edit,
  object: ObjectExpression,
  { ofAll, project }: { readonly ofAll: Expression | undefined; readonly project: SeenProject | undefined },
): (() => void) | undefined {
  const property = propertyOf(object, 'testIgnore');
  const own = valueOf(property);
  const list = listOf(object, object.properties);
  if (property === undefined || own === undefined) {
    if (hidesProperties(object) && project?.hasTestIgnore !== false) return undefined;
    const text = withOurs(edit, ofAll);
    if (text === undefined) return undefined;
    return () => {
      insert(edit, list, list.items.length, () => `testIgnore: ${text}`);
    };
  }
  const value = bare(own);
  if (patternsOf(edit.parsed, own) === undefined || property.shorthand) return undefined;
  if (value.type === 'ArrayExpression')
    return () => {
      const patterns = listOf(value, value.elements);
      insert(edit, patterns, patterns.items.length, () => quoted(loadSpecs, edit.style));
    };
  const text = withOurs(edit, own) ?? '';
  return () => {
    const { start, end } = spanOf(own);
    edit.text.overwrite(start, end, text);
  };
}

/** Specs lie where those of the first project lie, and are sent where its requests go, if the configuration does not say it for all. */
function loadProjectOf({ edit, object, seen }: ProjectsParts): LoadProject {
  const { style } = edit;
  const [first, ...others] = seen.projects ?? [];
  const selected = seen.hasGrep === true ? { hasGrep: true } : {};
  if (first === undefined) return selected;
  const isScattered = seen.testDir === undefined && [first, ...others].every(({ testDir }) => testDir !== undefined);
  const address =
    seen.use.baseURL === undefined ? [first, ...others].find(({ use }) => use.baseURL !== undefined) : undefined;
  return {
    ...selected,
    ...(isScattered && { testDir: quoted(first.testDir ?? '', style) }),
    ...(address !== undefined && { baseURL: addressText(edit, object, address) }),
  };
}

/** As the configuration writes it, so that it follows the environment where that one does. */
function addressText({ parsed, style }: Edit, object: ObjectExpression, { name, use }: SeenProject): string {
  const projects = valueOf(propertyOf(object, 'projects'));
  const array = projects === undefined ? undefined : bare(projects);
  const elements = array?.type === 'ArrayExpression' ? array.elements : [];
  for (const each of elements) {
    if (each?.type !== 'ObjectExpression') continue;
    const named = valueOf(propertyOf(each, 'name'));
    if (named?.type !== 'StringLiteral' || named.value !== name) continue;
    const used = valueOf(propertyOf(each, 'use'));
    const address = used?.type === 'ObjectExpression' ? valueOf(propertyOf(used, 'baseURL')) : undefined;
    if (address !== undefined) return textOf(parsed, address);
  }
  return quoted(use.baseURL ?? '', style);
}

/**
 * A configuration with the load reporter and a project for load tests. It is edited by positions: what is not added stays
 * byte for byte. What cannot be edited surely is left, with the lines that would do it.
 */
import MagicString from 'magic-string';
import type { SeenConfig } from '../seen-config.ts';
import { findConfigObject, type ConfigObject } from './config-object.ts';
import { editProjects } from './edit-projects.ts';
import { defaultReporters, editReporter, reporterName } from './edit-reporter.ts';
import { type Edit, insert, listOf, type Written } from './insert.ts';
import { loadSpecs, writtenLoadProject } from './load-project.ts';
import { quoted, type Style, styleOf } from './style.ts';
import { hidesProperties, type Parsed, parseConfig, propertyOf, touchesMember } from './syntax.ts';

export interface ConfigParts {
  readonly source: string;
  readonly isTypeScript: boolean;
  /** What it says in each environment that was asked: alone, and on CI. */
  readonly seen: readonly [SeenConfig, ...SeenConfig[]];
}

export interface EditedConfig {
  readonly text: string;
  readonly added: readonly string[];
  readonly left: readonly Left[];
}

/** What the user has to do. */
export interface Left {
  readonly what: string;
  readonly lines: readonly string[];
}

/** Throws a `SyntaxError` where the file cannot be parsed. */
export function editConfig({ source, isTypeScript, seen: all }: ConfigParts): EditedConfig {
  const [seen] = all;
  const parsed = parseConfig(source, isTypeScript);
  const style = styleOf(parsed);
  const hasReporter = all.some(({ reporters }) => reporters?.some((each) => each.isLoadReporter));
  const hasProject = seen.projects?.some(({ isLoad }) => isLoad) ?? false;
  const found = findConfigObject(parsed);
  const edit: Edit = { parsed, style, text: new MagicString(source) };
  const asked = { edit, found, seen: all };
  const reporter = hasReporter ? 'there' : withReporter(asked);
  const projects = hasProject ? 'there' : withProjects(asked);
  if (found !== undefined) {
    const { object } = found;
    const list = listOf(object, object.properties);
    const more = [reporter, projects].flatMap((each) => (typeof each === 'string' ? [] : each));
    insert(edit, list, list.items.length, ...more);
  }
  return {
    text: edit.text.toString(),
    added: [
      ...(reporter === 'there' || reporter === 'unsure' ? [] : ['the load reporter']),
      ...(projects === 'there' || projects === 'unsure' ? [] : ['a project `load`']),
    ],
    left: [
      ...(reporter === 'unsure' ? [leftReporter(style)] : []),
      ...(projects === 'unsure' ? [leftProject(style)] : []),
    ],
  };
}

interface Asked {
  readonly edit: Edit;
  readonly found: ConfigObject | undefined;
  readonly seen: ConfigParts['seen'];
}

/** What the object gets besides. */
type Made = readonly Written[] | 'there' | 'unsure';

function withReporter({ edit, found, seen }: Asked): Made {
  if (found === undefined || isTouched(edit.parsed, found, 'reporter')) return 'unsure';
  const { object } = found;
  if (propertyOf(object, 'reporter') !== undefined) return editReporter(edit, object) ? [] : 'unsure';
  if (seen.some(({ reporters }) => reporters !== undefined)) return 'unsure'; // somewhere out of sight
  return [() => `reporter: ${defaultReporters(edit.style)}`];
}

function withProjects({ edit, found, seen }: Asked): Made {
  if (found === undefined || isTouched(edit.parsed, found, 'projects')) return 'unsure';
  const { object, hasBase } = found;
  const isHidden = hasBase || hidesProperties(object);
  const [first, ...others] = seen;
  if (others.some(({ projects }) => (projects === undefined) !== (first.projects === undefined))) return 'unsure';
  if (first.projects?.some(({ name }) => name === 'load') === true) return 'unsure'; // that is something else
  return editProjects({ edit, object, isHidden, hasBase, seen: first }) ?? 'unsure';
}

function isTouched(parsed: Parsed, { names }: ConfigObject, property: string): boolean {
  return names.some((name) => touchesMember(parsed, name, property));
}

/** Where the configuration cannot even be parsed here, both are left. */
export function allLeft(style: Style): readonly Left[] {
  return [leftReporter(style), leftProject(style)];
}

function leftReporter(style: Style): Left {
  return {
    what: 'the reporters are not written in a way that can be edited surely: list the load reporter before `html`',
    lines: [`reporter: [[${quoted('list', style)}], [${quoted(reporterName, style)}], [${quoted('html', style)}]],`],
  };
}

function leftProject(style: Style): Left {
  const load = writtenLoadProject({}, style)('', false);
  return {
    what: 'the projects are not written in a way that can be edited surely: add one for load tests, and keep their specs out of the others',
    lines: [`${load},`, `testIgnore: ${quoted(loadSpecs, style)}, // in each other project`],
  };
}

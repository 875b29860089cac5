/** docs/reference.md: every public name in its group, out of what its declaration says of it. */
import ts from 'typescript';
import { type Defaults, defaultsOf, written } from './defaults.ts';
import { behindTitle, type Group, groups as publicGroups } from './groups.ts';
import { literalOf, type Member, membersOf } from './members.ts';
import { callsOf, lineOf, signatureOf, sourceOf } from './signatures.ts';
import { type Declared, isLocal, isOwn, type Surface } from './surface.ts';

interface Page {
  readonly surface: Surface;
  readonly defaults: Defaults;
  readonly known: ReadonlySet<string>;
  /** Options of a single load, which `use` does not take. */
  readonly ofOneLoad: ReadonlySet<string>;
}

export interface Written {
  readonly text: string;
  /** Names that no group has, or that a group has and nobody exports. */
  readonly problems: readonly string[];
}

export async function referencePage(
  surface: Surface,
  ofOneLoad: readonly string[],
  groups: readonly Group[] = publicGroups,
): Promise<Written> {
  const byName = new Map(surface.declared.map((each) => [each.name, each]));
  const grouped = new Set(groups.flatMap(({ names }) => names));
  const page: Page = {
    surface,
    defaults: await defaultsOf(surface),
    known: new Set(byName.keys()),
    ofOneLoad: new Set(ofOneLoad),
  };
  const others = surface.declared.filter(({ name, isExported }) => !isExported && !grouped.has(name));
  const all = [...groups, ...(others.length === 0 ? [] : [behindOf(others)])];
  const sections = all.flatMap(({ title, words, names }) => [
    `## ${title}`,
    linked(page, words),
    ...names.flatMap((name) => {
      const declared = byName.get(name);
      return declared === undefined ? [] : entryOf(page, declared);
    }),
  ]);
  const contents = all.map(({ title, names }) => `- [${title}](#${slug(title)}): ${namesOf(names)}`);
  return {
    text: `${[intro, contents.join('\n'), ...sections].join('\n\n')}\n`,
    problems: [
      ...surface.declared
        .filter(({ name, isExported }) => isExported && !grouped.has(name))
        .map(
          ({ name }) =>
            `\`${name}\` stands in no group of site/reference/groups.ts: put it where a reader looks for it`,
        ),
      ...[...grouped]
        .filter((name) => !byName.has(name))
        .map((name) => `site/reference/groups.ts names \`${name}\`, which is not public: take it out`),
    ],
  };
}

function behindOf(others: readonly Declared[]): Group {
  return {
    title: behindTitle,
    words: 'No entry exports them; those above name them.',
    names: others.map(({ name }) => name),
  };
}

const intro = `# Reference

<!-- Written by \`npm run api\` out of the docstrings: change those. -->

Every public name, in the order in which a test asks for them.

- An option that is a length of time is a [\`Duration\`](#Duration), \`'30s'\`; a result, and data that goes in, is a number of
  milliseconds whose name ends in \`Ms\`. Playwright's own options, such as a request's \`timeout\`, stay numbers of milliseconds.
- A rate is \`'500/s'\` where load is described and limited, and a number per second where a search counts with it. A share is
  \`'99%'\` in limits, and a number from 0 to 1 in results.
- A word of several is written with hyphens, as Playwright's are: \`'per-user'\`, \`'in-order'\`, \`'not-enough-data'\`.
- Of three limits of time each has its own name: \`requestTimeout\` is of a request of a load, \`maxDuration\` of a profile that
  counts, and \`timeout\` is Playwright's: of a test, or of one request in milliseconds.
- \`?\` behind a name: an option that may be left out, a figure that is absent where nothing was measured.`;

/** So many names are listed; all of them would hide the list. */
const mostListed = 7;

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, mostListed).map((name) => `[\`${name}\`](#${name})`);
  return `${shown.join(', ')}${names.length > mostListed ? ' …' : ''}`;
}

/** As GitHub and VitePress make an address of a heading. */
export function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .replace(/\s+/g, '-');
}

function entryOf(page: Page, { name, symbol }: Declared): string[] {
  const { checker, root } = page.surface;
  const own = (symbol.declarations ?? []).filter((each) => isOwn(root, each));
  const node = own.find((each) => !ts.isFunctionDeclaration(each) || each.body === undefined) ?? own[0];
  if (node === undefined) return [];
  const shown = [
    `<a id="${name}"></a>\n\n### \`${name}\``,
    ...(ts.isTypeAliasDeclaration(node) ? wordsOf(page, symbol) : []),
    ...codeOf(page, name, node),
    ...(ts.isTypeAliasDeclaration(node) ? [] : wordsOf(page, symbol)),
    ...inheritedOf(page, node),
    ...tableOf(page, name, node),
    ...propertiesOf(page, name, symbol, node),
    ...examplesOf(symbol, checker),
  ];
  return shown.filter((text) => text !== '');
}

function wordsOf(page: Page, symbol: ts.Symbol): string[] {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(page.surface.checker)).trim();
  return text === '' ? [] : [linked(page, text)];
}

function examplesOf(symbol: ts.Symbol, checker: ts.TypeChecker): string[] {
  return symbol
    .getJsDocTags(checker)
    .filter(({ name }) => name === 'example')
    .map(({ text }) => fenced(ts.displayPartsToString(text).trim()));
}

const fenced = (code: string) => `\`\`\`ts\n${code}\n\`\`\``;

/** How it is called, or, of a type that no table can show, its source. */
function codeOf({ surface }: Page, name: string, node: ts.Declaration): string[] {
  const { checker } = surface;
  if (ts.isFunctionDeclaration(node)) return [fenced(signatureOf(checker, name, node))];
  if (ts.isVariableDeclaration(node)) {
    const calls = callsOf(checker, name, checker.getTypeAtLocation(node));
    return calls.length === 0 ? [] : [fenced(calls.join('\n'))];
  }
  if (ts.isInterfaceDeclaration(node)) {
    const calls = node.members.filter(ts.isCallSignatureDeclaration);
    const called = `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
    return calls.length === 0 ? [] : [fenced(calls.map((each) => signatureOf(checker, called, each)).join('\n'))];
  }
  if (ts.isTypeAliasDeclaration(node) && literalOf(node) === undefined)
    return [fenced([node, ...localsOf(surface, node)].map(sourceOf).join('\n\n'))];
  return [];
}

/** Types that only the file of a type knows, which its source names. */
function localsOf({ checker, root }: Surface, node: ts.Node): ts.Node[] {
  const found = new Set<ts.Node>();
  const visit = (each: ts.Node): void => {
    if (ts.isTypeReferenceNode(each)) {
      const [declared] = checker.getSymbolAtLocation(each.typeName)?.declarations ?? [];
      if (declared !== undefined && isOwn(root, declared) && isLocal(declared) && !found.has(declared)) {
        found.add(declared);
        visit(declared);
      }
    }
    ts.forEachChild(each, visit);
  };
  visit(node);
  return [...found];
}

function inheritedOf(page: Page, node: ts.Declaration): string[] {
  if (!ts.isInterfaceDeclaration(node) && !ts.isClassDeclaration(node)) return [];
  const types = (node.heritageClauses ?? [])
    .flatMap(({ types: each }) => [...each])
    .map((each) => typed(page, lineOf(each)));
  return types.length === 0 ? [] : [`All of ${types.join(' and of ')}, and:`];
}

function tableOf(page: Page, name: string, node: ts.Declaration): string[] {
  const members = membersOf(page.surface, node).filter((member) => !hasExample(page, member));
  if (members.length === 0) return [];
  const defaults = page.defaults.get(name);
  const isWhere = name === 'LoadOptions';
  const head = ['', 'type', ...(defaults === undefined ? [] : ['default']), ...(isWhere ? ['where'] : []), ''];
  const rows = members.map((member) => {
    const bare = member.name.replace(/\?$/, '');
    const words = ts.displayPartsToString(member.symbol.getDocumentationComment(page.surface.checker));
    return [
      `<a id="${name}.${bare.replace(/\(.*/, '')}"></a>\`${member.name.replaceAll('|', '\\|')}\``,
      typed(page, member.type).replaceAll('|', '\\|'),
      ...(defaults === undefined ? [] : [defaultOf(defaults, bare)]),
      ...(isWhere ? [page.ofOneLoad.has(bare.split('.')[0] ?? '') ? '`load`' : '`load`, `use`'] : []),
      linked(page, words).replace(/\s+/g, ' ').replaceAll('|', '\\|'),
    ];
  });
  return [[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')];
}

function defaultOf(defaults: Readonly<Record<string, unknown>>, path: string): string {
  const value = path
    .split('.')
    .reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
      defaults,
    );
  return value === undefined ? '–' : `\`${written(value)}\``;
}

const hasExample = ({ surface }: Page, { symbol }: Member) => examplesOf(symbol, surface.checker).length > 0;

/** What a value has besides being called, `users.ramp`; and members that an example is given of, each by itself. */
function propertiesOf(page: Page, name: string, symbol: ts.Symbol, node: ts.Declaration): string[] {
  const { checker, root } = page.surface;
  const type = ts.isVariableDeclaration(node) ? checker.getTypeOfSymbol(symbol) : undefined;
  const isOurs = callsOf(checker, name, type ?? checker.getTypeOfSymbol(symbol)).length > 0;
  const properties = type === undefined || !isOurs ? [] : checker.getPropertiesOfType(type);
  const told = properties
    .filter((each) => each.declarations?.some((declaration) => isOwn(root, declaration)))
    .map((each) => `\`${name}.${each.name}\`: ${wordsOf(page, each).join(' ')}`);
  const shown = membersOf(page.surface, node)
    .filter((member) => hasExample(page, member))
    .flatMap(({ symbol: member }) => [
      `<a id="${name}.${member.name}"></a>\n\n#### \`${calledIn[name] ?? ''}${member.name}\``,
      ...(member.declarations ?? [])
        .filter((each) => ts.isMethodSignature(each) || ts.isMethodDeclaration(each))
        .map((each) => fenced(signatureOf(checker, `${calledIn[name] ?? ''}${member.name}`, each))),
      ...wordsOf(page, member),
      ...examplesOf(member, checker),
    ]);
  return [...told, ...shown];
}

const calledIn: Readonly<Record<string, string>> = { Experiments: 'load.' };

/** A type as code, in which the names that the page knows are links. */
function typed({ known }: Page, text: string): string {
  const linkedText = text.replace(/(?<!['"\w.])[A-Z]\w*(?!['"\w])/g, (name) =>
    known.has(name) ? `\`[\`${name}\`](#${name})\`` : name,
  );
  return `\`${linkedText}\``.replaceAll('``', '');
}

/** Words of a docstring: a name in backticks that the page knows is a link, and nothing is taken for HTML. */
function linked({ known }: Page, text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => {
      if (!part.startsWith('`')) return part.replaceAll('<', '&lt;');
      const name = part.slice(1, -1);
      return /^(?:default)?[A-Z]/.test(name) && known.has(name) ? `[${part}](#${name})` : part;
    })
    .join('');
}

import { fileURLToPath } from 'node:url';
import {
  type ClassDeclaration,
  type ExportedDeclarations,
  type InterfaceDeclaration,
  type JSDoc,
  type JSDocableNode,
  Node,
  Project,
  type SourceFile,
} from 'ts-morph';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where the reference of the library stands among the pages of the site, which makes it. */
export const apiPath = 'docs/api.md';

/** A part of the reference: the exports of a module, from their docstrings. */
interface ApiPart {
  /** How to import it. */
  readonly entry: string;
  readonly source: string;
  /** Modules whose exports it re-exports; those are documented there. */
  readonly repeats?: string;
}

const apiParts: readonly ApiPart[] = [
  { entry: 'plasticore', source: 'src/index.ts' },
  { entry: 'plasticore/node', source: 'src/node.ts', repeats: 'src/index.ts' },
  { entry: 'plasticore/chips', source: 'src/chips/kit.ts' },
];

/**
 * The reference of the library's exports, in Markdown: each with its signature and its docstring. All types are read
 * for it, which takes seconds.
 */
export function apiPage(): string {
  const project = new Project({
    tsConfigFilePath: `${root}tsconfig.json`,
    skipAddingFilesFromTsConfig: true,
  });
  const parts = apiParts.map(({ entry, source, repeats }) => {
    const file = project.addSourceFileAtPath(root + source);
    project.resolveSourceFileDependencies();
    const known = repeats === undefined ? [] : declarationsOf(project.addSourceFileAtPath(root + repeats));
    const exported = [...file.getExportedDeclarations()].filter(
      ([, [declaration]]) => declaration !== undefined && !known.includes(declaration),
    );
    const sections = exported
      .sort(([a], [b]) => a.localeCompare(b, 'en'))
      .map(([name, declarations]) => section(name, declarations));
    return [`## \`${entry}\``, headDoc(file), ...sections].join('\n\n');
  });
  return `${[
    '# The library',
    'Generated from the docstrings of the code; [library.md](library.md) has a first program.',
    ...parts,
  ].join('\n\n')}\n`;
}

function declarationsOf(file: SourceFile): ExportedDeclarations[] {
  return [...file.getExportedDeclarations().values()].flat();
}

function headDoc(file: SourceFile): string {
  const comment = file.getFullText().match(/^\/\*\*([\s\S]*?)\*\//)?.[1] ?? '';
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .replace(/^@example\n([\s\S]*)/m, '```typescript\n$1\n```')
    .trim();
}

function section(name: string, [declaration]: readonly ExportedDeclarations[]): string {
  if (declaration === undefined) return `### \`${name}\``;
  const lines = [`### \`${name}\``, code(signature(declaration)), docsOf(declaration)];
  if (Node.isClassDeclaration(declaration) || Node.isInterfaceDeclaration(declaration))
    lines.push(members(declaration));
  return lines.filter((line) => line !== '').join('\n\n');
}

function signature(node: Node): string {
  if (Node.isClassDeclaration(node)) {
    const [base] = [node.getExtends()?.getText()];
    return `class ${node.getName()}${base === undefined ? '' : ` extends ${base}`}`;
  }
  if (Node.isInterfaceDeclaration(node)) {
    const bases = node.getExtends().map((base) => base.getText());
    return `interface ${node.getName()}${bases.length === 0 ? '' : ` extends ${bases.join(', ')}`}`;
  }
  if (Node.isVariableDeclaration(node))
    return `const ${node.getName()}: ${node.getTypeNode()?.getText() ?? node.getType().getText(node)}`;
  return withoutBody(node).replace(/^export /, '');
}

/** A declaration's own text, without its comment, its body and the value of a property. */
function withoutBody(node: Node): string {
  const end = Node.isBodied(node) || Node.isBodyable(node) ? node.getBody()?.getStart() : undefined;
  const text = node
    .getSourceFile()
    .getFullText()
    .slice(node.getStart(), end ?? node.getEnd());
  return text.replace(/;$/, '').trim();
}

/** The public members, each with its docstring. */
function members(node: ClassDeclaration | InterfaceDeclaration): string {
  const list: readonly Node[] = Node.isClassDeclaration(node)
    ? [...node.getConstructors(), ...node.getInstanceMembers()].filter(isPublic)
    : node.getMembers();
  return list
    .map((member) => {
      const docs = docsOf(member).replaceAll('\n\n', ' ').replaceAll('\n', ' ');
      return `- \`${oneLine(withoutBody(member))}\`${docs === '' ? '' : `: ${docs}`}`;
    })
    .join('\n');
}

function isPublic(member: Node): boolean {
  const name = Node.hasName(member) ? member.getName() : '';
  return (
    !name.startsWith('#') &&
    !name.startsWith('[') &&
    !(Node.isScoped(member) && member.getScope() !== 'public')
  );
}

function docsOf(node: Node): string {
  const owner = Node.isVariableDeclaration(node) ? node.getVariableStatement() : node;
  if (owner === undefined || !isDocumented(owner)) return '';
  return owner.getJsDocs().map(docText).join('\n\n');
}

function isDocumented(node: Node): node is Node & JSDocableNode {
  return Node.isJSDocable(node);
}

function docText(doc: JSDoc): string {
  const tags = doc.getTags().map((tag) => {
    const text = tag
      .getText()
      .replace(/\s*\n\s*\* ?/g, '\n')
      .trim();
    const example = /^@example\s*([\s\S]*)$/.exec(text);
    if (example !== null) return code(example[1]?.trim() ?? '');
    return `*${text.replace(/^@(\w+)\s*/, (_, name) => `${titles[name] ?? name}:* `).replace(/^(parameter:\* )([\w.]+)/, '$1`$2`')}`;
  });
  return [links(doc.getDescription().trim()), ...tags.map(links)].filter((text) => text !== '').join('\n\n');
}

const titles: Readonly<Record<string, string>> = { param: 'parameter', returns: 'returns', throws: 'throws' };

/** Turns `{@link name}` into a link to that name's section. */
function links(text: string): string {
  return text.replace(/\{@link ([\w.]+)\}/g, (_, name: string) => `\`${name}\``);
}

function code(text: string): string {
  return `\`\`\`typescript\n${text}\n\`\`\``;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

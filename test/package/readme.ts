/** The parts of a page that a reader can use: files to write, commands to type, output to expect. */

/** A command of a `console` block and the lines that it should print; `...` stands for omitted lines. */
export interface Transcript {
  readonly command: string;
  readonly lines: readonly string[];
  /** Where its lines begin in the text, from 0. */
  readonly firstLine: number;
}

export const omission = '...';

interface Block {
  /** What stands behind the opening fence: a language, and perhaps the name of a file. */
  readonly info: string;
  readonly lines: readonly string[];
  readonly firstLine: number;
}

function blocksOf(markdown: string): Block[] {
  const lines = markdown.split('\n');
  const fences = lines.flatMap((line, index) => (line.startsWith('```') ? [index] : []));
  return fences.flatMap((open, index) => {
    if (index % 2 === 1) return [];
    const firstLine = open + 1;
    const block = lines.slice(firstLine, fences[index + 1]);
    return [{ info: (lines[open] ?? '').slice(3), lines: block, firstLine }];
  });
}

/** Files that the text writes out in full: blocks whose fence names one. */
export function filesOf(markdown: string): { readonly name: string; readonly text: string }[] {
  return blocksOf(markdown).flatMap(({ info, lines }) => {
    const name = info.split(' ')[1] ?? '';
    return name.includes('.') && !name.includes('=') ? [{ name, text: `${lines.join('\n')}\n` }] : [];
  });
}

/** The programs that the text shows for a page: blocks of JavaScript whose fence says so. */
export function pagesOf(markdown: string): string[] {
  return blocksOf(markdown)
    .filter(({ info }) => info === 'js page')
    .map(({ lines }) => lines.join('\n'));
}

/** Every `npx plasticore ...` of a block for a shell, without these two words. */
export function commandsOf(markdown: string): string[] {
  return blocksOf(markdown)
    .filter(({ info }) => info === 'sh' || info === 'console')
    .flatMap(({ lines }) =>
      lines
        .join('\n')
        .replaceAll(/\\\n\s*/g, '')
        .split('\n'),
    )
    .flatMap((line) => /\bnpx plasticore (.*)/.exec(line.split('#')[0] ?? '')?.[1]?.trim() ?? []);
}

/** The words of a command as a shell splits it. */
export function wordsOf(command: string): string[] {
  const words = command.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return words.map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
}

export function transcriptsOf(markdown: string): Transcript[] {
  return blocksOf(markdown)
    .filter(({ info }) => info === 'console')
    .flatMap(({ lines, firstLine }) => {
      const prompts = lines.flatMap((line, index) => (line.startsWith('$ npx plasticore ') ? [index] : []));
      return prompts.map((prompt, index) => ({
        command: (lines[prompt] ?? '').replace('$ npx plasticore ', ''),
        lines: lines.slice(prompt + 1, prompts[index + 1]),
        firstLine: firstLine + prompt + 1,
      }));
    });
}

/** The first line that is not where a transcript has it, or undefined where all are. */
export function firstMissing(lines: readonly string[], output: readonly string[]): string | undefined {
  let at = 0;
  let isFree = false;
  for (const line of lines) {
    if (line === omission) {
      isFree = true;
      continue;
    }
    const found = isFree ? output.indexOf(line, at) : at;
    if (found < 0 || output[found] !== line) return line;
    at = found + 1;
    isFree = false;
  }
  return undefined;
}

/**
 * A transcript's lines as the output now has them: what begins alike takes the place of what was there. Tables may have
 * rows that begin alike, so that a row with more of its first cells comes first.
 */
export function refreshed(lines: readonly string[], output: readonly string[]): string[] {
  let at = 0;
  return lines.map((line) => {
    if (line === omission) return line;
    const find = (cells: number) =>
      output.findIndex((now, index) => index >= at && headOf(now, cells) === headOf(line, cells));
    const found = [3, 2, 1].map(find).find((index) => index >= 0) ?? -1;
    if (found < 0) throw new Error(`no line begins as this one does: ${line}`);
    at = found + 1;
    return output[found] ?? line;
  });
}

/** The first cells of a row, or the first words of a sentence. */
function headOf(line: string, cells: number): string {
  const parts = line.split(/ {2,}|: /).filter((part) => part !== '');
  return parts
    .slice(0, cells)
    .map((part) => part.slice(0, 24))
    .join('|');
}

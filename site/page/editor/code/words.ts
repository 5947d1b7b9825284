/** The meaning of a word of microcode at its place. */
import {
  domains,
  findOperation,
  type Operation,
  operations,
  operationWords,
  registerCount,
  roleMeanings,
} from '../../../../src/isa/index.ts';
import { tableOf } from '../../../../src/text/index.ts';
import { type OutlineItem, outlineItemAt, outlineOf } from '../kernels.ts';
import { fieldsOf, rolesOf, type Vocabulary } from './names.ts';

/** A word in plain words. */
export interface Meaning {
  /** How it is written: `mul rd, a, b`. */
  readonly title: string;
  readonly meaning: string;
  /** Its costs, its operands or its value. */
  readonly detail: string;
}

/** The words of the language that are no operations. */
export const keywords: Readonly<Record<string, Meaning>> = tableOf({
  kernel: {
    title: 'kernel NAME over DOMAIN [where GATE [and GATE]]',
    meaning: 'the head of a kernel: straight-line microcode that runs once for each item of a domain',
    detail: 'end closes it',
  },
  routine: {
    title: 'routine NAME',
    meaning: 'lines that kernels and later routines of this file share; they use their caller’s registers',
    detail: 'end closes it',
  },
  call: { title: 'call NAME', meaning: 'is replaced by the lines of a routine above', detail: '' },
  end: { title: 'end', meaning: 'the end of a kernel or routine', detail: '' },
  over: {
    title: 'over DOMAIN',
    meaning: 'what the kernel runs over',
    detail: domains.map(({ name }) => name).join(', '),
  },
  where: {
    title: 'where GATE [and GATE]',
    meaning: 'rows or columns whose gate is zero are not visited, or store nothing',
    detail: '',
  },
  and: { title: 'and GATE', meaning: 'a second gate: one is for rows, the other for columns', detail: '' },
});

/** The first words of lines that are neither operations nor heads. */
export const headWords: readonly string[] = ['kernel', 'routine'];
export const bodyWords: readonly string[] = ['call', 'end'];

/** An operation, with what the table of operations says of it. */
export function operationMeaning(operation: Operation): Meaning {
  const { syntax, operands, kinds, cost } = operationWords(operation);
  const facts = [
    operands,
    `kinds ${kinds}`,
    cost === '' ? 'costs nothing' : `costs ${cost}`,
    ...(operation.draws ? ['steps the random generators'] : []),
  ];
  return {
    title: syntax,
    meaning: operation.meaning.replaceAll('`', ''),
    detail: facts.filter((fact) => fact !== '').join(' · '),
  };
}

/** A word and where it stands in its line, from 0. */
export interface Word {
  readonly text: string;
  readonly from: number;
}

/** The words and commas of a line, without its comment, as the assembler reads them. */
export function wordsIn(line: string): Word[] {
  const code = line.replace(/;.*$/, '');
  return [...code.matchAll(/,|[^\s,]+/g)].map(({ 0: text, index }) => ({ text, from: index }));
}

/**
 * The meaning of the word at a place.
 *
 * @param line from 1
 * @param column from 0
 */
export function explainWord(
  text: string,
  line: number,
  column: number,
  known: Vocabulary,
): (Meaning & { readonly word: Word }) | undefined {
  const words = wordsIn(text.split('\n')[line - 1] ?? '');
  const word = words.find((each) => each.from <= column && column < each.from + each.text.length);
  if (word === undefined || word.text === ',') return undefined;
  const meaning = meaningOf(word, words, outlineItemAt(outlineOf(text), line), known);
  return meaning && { ...meaning, word };
}

/** The meaning of a line's operation; undefined where there is none. */
export function explainLine(text: string, line: number): Meaning | undefined {
  const words = wordsIn(text.split('\n')[line - 1] ?? '');
  const [head] = words;
  return head && headMeaning(head.text, words);
}

function headMeaning(head: string, words: readonly Word[]): Meaning | undefined {
  const count = words.filter(({ text }) => text === ',').length + 1;
  const written = operations.find((one) => one.written === head && one.operands.length === count);
  const operation = written ?? findOperation(head);
  if (operation !== undefined) return operationMeaning(operation);
  return [...headWords, ...bodyWords].includes(head) ? keywords[head] : undefined;
}

function meaningOf(
  { text }: Word,
  words: readonly Word[],
  kernel: OutlineItem | undefined,
  known: Vocabulary,
): Meaning | undefined {
  const head = words[0]?.text ?? '';
  if (words[0]?.text === text) {
    const own = headMeaning(text, words);
    if (own !== undefined) return own;
  }
  if (head === 'kernel' && ['over', 'where', 'and'].includes(text)) return keywords[text];
  const domain = head === 'kernel' ? domains.find(({ name }) => name === text) : undefined;
  if (domain !== undefined)
    return { title: text, meaning: domain.meaning, detail: `roles: ${domain.roles.join(', ')}` };
  if (/^r\d+$/.test(text) && Number(text.slice(1)) < registerCount)
    return {
      title: text,
      meaning: 'a register of the item: a signed 32-bit number, empty when the kernel starts',
      detail: '',
    };
  if (text.startsWith('#')) {
    const formula = known.parameters.get(text.slice(1));
    return {
      title: text,
      meaning: 'a parameter, set by with where the kernel is used, else by the program',
      detail: formula === undefined ? '' : `${text.slice(1)}: ${formula}`,
    };
  }
  const [role = '', field] = text.split('.');
  if (field === undefined || !rolesOf(kernel?.domain ?? '').includes(role)) return undefined;
  const found = fieldsOf(known, { name: kernel?.name ?? '', domain: kernel?.domain ?? '' });
  const arrays = found.find(({ word }) => word === text)?.arrays ?? [];
  return {
    title: text,
    meaning: `a field of ${playerOf(role)}`,
    detail: arrays.length === 0 ? '' : `here ${arrays.join(', ')}`,
  };
}

/** What plays a role; the neuron of the item for the alias, which is no role of its own. */
function playerOf(role: string): string {
  const meaning = Object.entries(roleMeanings).find(([name]) => name === role)?.[1];
  return meaning ?? 'the neuron that is the item, or the one that the item’s synapse leads to';
}

/** The language of microcode for the editor: its colours and its comments. */
import { LanguageSupport, StreamLanguage, type StringStream } from '@codemirror/language';
import { domains, findOperation, operations, registerCount } from '../../../../src/isa/index.ts';
import { rolesOf } from './names.ts';
import { bodyWords, headWords } from './words.ts';

/** The state of reading a line. */
interface Line {
  /** The first word; empty at the beginning of the line. */
  head: string;
  /** Number of the next word. */
  word: number;
  /** Whether a kernel or routine has begun and not ended. */
  isInside: boolean;
}

const written = new Set(operations.flatMap((operation) => operation.written ?? []));
const roles = new Set(rolesOf(''));

/** The class of a word, by the name of its tag in @lezer/highlight. */
function classOf(word: string, { head, word: number }: Pick<Line, 'head' | 'word'>): string | null {
  if (number === 0) {
    if ([...headWords, ...bodyWords].includes(word)) return 'keyword';
    return findOperation(word) !== undefined || written.has(word) ? 'operatorKeyword' : 'invalid';
  }
  if (headWords.includes(head) || head === 'call') {
    if (number === 1) return head === 'call' ? 'variableName.function' : 'variableName.definition';
    if (['over', 'where', 'and'].includes(word)) return 'keyword';
    if (domains.some(({ name }) => name === word)) return 'typeName';
  }
  if (/^r\d+$/.test(word)) return Number(word.slice(1)) < registerCount ? 'variableName' : 'invalid';
  if (word.startsWith('#')) return 'macroName';
  if (/^-?(?:0x[\da-f]+|0b[01]+|\d+)$/i.test(word)) return 'number';
  if (roles.has(word.split('.')[0] ?? '') && word.includes('.')) return 'propertyName';
  return null;
}

function token(stream: StringStream, line: Line): string | null {
  if (stream.sol()) Object.assign(line, { head: '', word: 0 });
  if (stream.eatSpace()) return null;
  if (stream.peek() === ';') {
    stream.skipToEnd();
    return 'comment';
  }
  if (stream.eat(',')) return 'separator';
  const start = stream.pos;
  stream.eatWhile(/[^\s,;]/);
  const word = stream.string.slice(start, stream.pos);
  const found = classOf(word, line);
  if (line.word === 0) {
    line.head = word;
    if (headWords.includes(word)) line.isInside = true;
    else if (word === 'end') line.isInside = false;
  }
  line.word += 1;
  return found;
}

const language = StreamLanguage.define<Line>({
  name: 'microcode',
  startState: () => ({ head: '', word: 0, isInside: false }),
  token,
  // The lines of a kernel stand two columns to the right of its head and end.
  indent: ({ isInside }, textAfter, { unit }) =>
    isInside && !/^\s*(?:kernel|routine|end)\b/.test(textAfter) ? unit : 0,
  languageData: { commentTokens: { line: ';' } },
});

export function microcode(): LanguageSupport {
  return new LanguageSupport(language);
}

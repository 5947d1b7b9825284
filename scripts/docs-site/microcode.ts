/** Microcode for the highlighter of the site, as a grammar of TextMate. */
export const microcode = {
  name: 'microcode',
  aliases: ['asm', 'uc', 'plan'],
  displayName: 'microcode',
  scopeName: 'source.microcode',
  patterns: [
    { match: ';.*$', name: 'comment.line' },
    { match: '^(kernel|routine|end)\\b|\\b(over|where|and)\\b(?=.*\\w)', name: 'keyword.control' },
    { match: '^\\s+([a-z][\\w.]*)', captures: { '1': { name: 'entity.name.function' } } },
    { match: '#\\w+', name: 'variable.parameter' },
    { match: '\\br\\d+\\b', name: 'variable.other.constant' },
    { match: '-?\\b(0x[0-9a-f]+|0b[01]+|\\d+)\\b', name: 'constant.numeric' },
  ],
  repository: {},
};

import { pageStyle } from './scripts.ts';
import { tokens } from './theme.ts';

const scheme = (which: 0 | 1) =>
  Object.entries(tokens)
    .map(([name, values]) => `--${name}:${values[which]}`)
    .join(';');

/** The page's style, with the colours that it shares with pictures. */
export const style = `
:root{${scheme(0)}}
@media (prefers-color-scheme:dark){:root{${scheme(1)}}}
@media print{:root{${scheme(0)}}}
${pageStyle}`;

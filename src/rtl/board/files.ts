import { at } from '../../arrays/index.ts';
import type { SourceFile } from '../emit/core-text.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import { boardBenchText } from './board-bench-text.ts';
import { hostText, streamMap } from './host-text.ts';
import { boardBench, boardNames } from './names.ts';
import { streamText } from './stream-text.ts';
import { uartText } from './uart-text.ts';
import { ulx3sPins, ulx3sText } from './ulx3s-text.ts';

/** Sources around the core: its streams, the serial line that carries them, and the board. */
export function boardSources(plan: CorePlan): SourceFile[] {
  const texts = [streamText(plan), uartText, ulx3sText(plan.image)];
  return boardNames.map((name, index) => [
    name,
    `\`default_nettype none\n${at(texts, index)}\`default_nettype wire\n`,
  ]);
}

/** The other files of a board: its pins, its bench, and the script of the host. */
export function boardFiles({ image }: CorePlan): SourceFile[] {
  return [
    ['ulx3s.lpf', ulx3sPins],
    [boardBench, boardBenchText],
    ['host.py', hostText],
    ['stream.json', `${JSON.stringify(streamMap(image), undefined, 2)}\n`],
  ];
}

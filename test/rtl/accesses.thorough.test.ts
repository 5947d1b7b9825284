import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../cli/in-process.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';

/** Counts the cycles in which the core reads a bank, while it works. */
const counter = `module counter;
  integer reads = 0;
  always @(posedge bench.clk) if (bench.core.busy) begin
    if (bench.core.bank_shadow_i.r0_en) reads <= reads + 1;
  end
  final $display("accesses %0d", reads);
endmodule
`;

const core = [
  ...['mnist-snn', '--precision', 'mp8-8', '--limit', '1'],
  ...[
    'hw.lanes=4',
    'hw.inferenceWeights=sliced',
    'program.steps=2',
    'program.parameters.errorFrom=1',
  ].flatMap((setting) => ['--set', setting]),
  ...['--set', 'program.populations.hidden.size=16'],
];

interface Report {
  readonly counters: {
    readonly byBank: readonly {
      readonly name: string;
      readonly wordsRead: number;
    }[];
  };
}

describe('a word of eight tiles', needs('iverilog'), () => {
  const { folder, path } = scratch();

  test('is read as often as the report counts, which prices it once a row', async () => {
    expect((await commandLine(['rtl', ...core, '-o', folder])).status).toBe(0);
    writeFileSync(path('counter.v'), counter);
    const sources = readdirSync(folder).filter((name) =>
      /^(plasticore_core|k\d|bank_|list_).*\.sv$/.test(name),
    );
    const build = [
      '-g2012',
      '-s',
      'bench',
      '-s',
      'counter',
      '-o',
      'counted',
      ...sources,
      'bench.sv',
      'counter.v',
    ];
    execFileSync('iverilog', build, { cwd: folder, stdio: 'ignore' });
    const said = execFileSync('vvp', ['-N', 'counted'], { cwd: folder, encoding: 'utf8' });
    const [, reads] = /accesses (\d+)/.exec(said) ?? [];

    expect((await commandLine(['run', ...core, '--epochs', '1', '--json', path('run.json')])).status).toBe(0);
    const { train, test: asked } = JSON.parse(readFileSync(path('run.json'), 'utf8')) as Record<
      string,
      Report
    >;
    const shadow = [train, asked].map((part) => part?.counters.byBank.find(({ name }) => name === 'shadow'));
    const counted = shadow.reduce((all, bank) => all + (bank?.wordsRead ?? 0), 0);
    expect(counted).toBeGreaterThan(0);
    expect(Number(reads)).toBe(counted);
  }, 300_000);
});

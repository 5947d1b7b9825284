import { runBoth } from './compare.ts';
import { imageOf, randomProgram } from './program.ts';

let n = 0,
  bad = 0,
  refused = 0;
const t = performance.now();
const kinds = new Map<string, number[]>();
const from = Number(process.argv[2] ?? 1),
  to = Number(process.argv[3] ?? 100);
let slow = 0,
  slowSeed = 0;
for (let seed = from; seed <= to; seed++) {
  const t0 = performance.now();
  try {
    const p = randomProgram(seed);
    const image = imageOf(p);
    const o = runBoth(p, image);
    n++;
    if (o.difference) {
      bad++;
      const k =
        o.difference.what.replace(/\d+/g, '#') +
        ' ' +
        String(o.difference.fast).slice(0, 60).replace(/\d+/g, '#');
      kinds.set(k, [...(kinds.get(k) ?? []), seed]);
    }
  } catch (e) {
    refused++;
    const k = 'ERR ' + (e as Error).message.slice(0, 150).replace(/\d+/g, '#');
    kinds.set(k, [...(kinds.get(k) ?? []), seed]);
  }
  const d = performance.now() - t0;
  if (d > slow) {
    slow = d;
    slowSeed = seed;
  }
}
console.log({ n, bad, refused, ms: (performance.now() - t) / (to - from + 1), slow, slowSeed });
for (const [k, s] of [...kinds].sort((a, b) => b[1].length - a[1].length).slice(0, 40))
  console.log(s.length, k, s.slice(0, 5).join());

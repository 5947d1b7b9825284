import { randomProgram } from './program.ts';
import { describeFailure } from './show.ts';

for (const a of process.argv.slice(2)) {
  console.log(describeFailure(randomProgram(Number(a))));
  console.log('-------');
}

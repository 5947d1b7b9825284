import { encoderNames } from '../../data/index.ts';
import { loadEmbedded } from '../../data/node.ts';
import { taskDescriptions } from '../../experiment/index.ts';
import { table } from '../../report/node.ts';
import { defineCommand } from '../command.ts';
import { jsonOption } from '../options.ts';

export const dataList = defineCommand({
  positionals: [],
  options: { json: jsonOption },
  examples: [['data list', 'what there is']],
  run({ json }, terminal) {
    const { name, description } = loadEmbedded();
    const formats = [
      {
        data: 'DIR',
        description:
          'MNIST-shaped IDX files: {train,t10k}-images-idx3-ubyte and -labels-idx1-ubyte, plain or .gz',
      },
      { data: 'FILE.npz', description: 'NumPy arrays x and y, with optional x_test and y_test' },
      {
        data: 'DIR',
        description: 'spikes in the layout of SHD: *train*.h5 and *test*.h5, plain or .gz',
      },
      { data: 'FILE.h5', description: 'the same in one file, of which a fifth is the test set' },
      {
        data: 'DIR',
        description:
          'recordings of a camera of events in train/CLASS/ and test/CLASS/: .bin of N-MNIST, .aedat 2 or 3.1, .npy of x, y, t, p',
      },
      {
        data: 'FILE',
        description: 'HDF5 or .npz with other names: an experiment names the arrays under `arrays:`',
      },
    ];
    const tasks = Object.entries(taskDescriptions).map(([task, text]) => ({ task, description: text }));
    if (json) {
      const embedded = [{ name, description }];
      terminal.print(JSON.stringify({ embedded, formats, tasks, encoders: encoderNames }, null, 2));
      return;
    }
    const rows = [
      [name, `${description} (without --data)`],
      ...formats.map(({ data: what, description: about }) => [`--data ${what}`, about]),
      ...tasks.map(({ task, description: about }) => [
        `task: {${task}: ...}`,
        `generated, in an experiment: ${about}`,
      ]),
    ];
    terminal.print(
      table(['data', ''], [...rows, ['encoders', encoderNames.join(', ')]], 'l', terminal.style),
    );
  },
});

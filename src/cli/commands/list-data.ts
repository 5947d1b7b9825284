import { allEncoderNames as encoders, publishedNames, publishedSets } from '../../data/index.ts';
import { loadEmbedded } from '../../data/node.ts';
import { taskDescriptions } from '../../experiment/index.ts';
import { table } from '../../report/node.ts';
import type { Terminal } from '../terminal.ts';

/** Data sets that are not in the package: what each is, whose, and how it is had. */
const elsewhere = [
  ...publishedNames.map((name) => ({
    name,
    description: `${publishedSets[name].description}: data fetch ${name}`,
  })),
  {
    name: 'ten spoken digits',
    description: 'Free Spoken Digit Dataset, heard by a cochlea (Jakobovski and others): see docs/data.md',
  },
  {
    name: 'twenty spoken digits',
    description: 'said by espeak-ng: npx tsx tools/spoken-digits/main.ts makes them, in a clone',
  },
  {
    name: 'electrocardiograms',
    description: 'QT database as events, a label for each step (PhysioNet, ODC-BY): see docs/data.md',
  },
];

/** Prints the data sets, the formats of files, the tasks that are generated, and the encoders. */
export function printData(json: boolean, { print, style }: Pick<Terminal, 'print' | 'style'>): void {
  const digits = loadEmbedded();
  const embedded = [
    { name: digits.name, description: digits.description },
    {
      name: 'braille',
      description:
        '27 Braille letters on 12 tactile sensors, 32 presses of each for training and 8 for testing (Zenke and others, CC BY 4.0)',
    },
  ];
  const formats = [
    {
      data: 'DIR',
      description:
        'MNIST-shaped IDX files: {train,t10k}-images-idx3-ubyte and -labels-idx1-ubyte, plain or .gz',
    },
    {
      data: 'DIR',
      description: 'PNG files of one size in CLASS/, or in train/CLASS/ and test/CLASS/',
    },
    {
      data: 'FILE.csv',
      description: 'a table with a column `label`; or DIR with *train*.csv and *test*.csv',
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
    print(JSON.stringify({ embedded, elsewhere, formats, tasks, encoders }, null, 2));
    return;
  }
  const rows = [
    [digits.name, `${digits.description} (without --data)`],
    ...embedded.slice(1).map(({ name, description }) => [name, `${description}: experiment ${name}-events`]),
    ...elsewhere.map(({ name, description }) => [name, description]),
    ...formats.map(({ data: what, description: about }) => [`--data ${what}`, about]),
    ...tasks.map(({ task, description: about }) => [
      `task: {${task}: ...}`,
      `generated, in an experiment: ${about}`,
    ]),
  ];
  print(table(['data', ''], [...rows, ['encoders', encoders.join(', ')]], 'l', style));
}

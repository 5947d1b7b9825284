import { publishedNames } from '../../data/index.ts';
import { type FetchedFile, fetchData } from '../../data/node.ts';
import { grouped } from '../../report/index.ts';
import { table } from '../../report/node.ts';
import { PlasticoreError, suggest } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { argument, jsonOption, textOption, textsOption } from '../options.ts';
import { fetchDisplay, showing } from '../progress.ts';

export const dataFetch = defineCommand({
  positionals: ['name'],
  options: {
    name: argument(`The data set: ${publishedNames.join(' or ')}`),
    to: textOption('Folder for the files; by default one with the name of the data set'),
    url: textOption('Folder on another server with the same files'),
    sha256: textsOption('FILE=SUM: the expected SHA-256 of a file, packed or unpacked'),
    json: jsonOption,
  },
  examples: [
    ['data fetch mnist', 'the four files of MNIST, into mnist/'],
    ['data fetch shd --to data/shd', 'the Spiking Heidelberg Digits'],
    ['data fetch shd --url http://mirror.example/shd/', 'from another server'],
  ],
  async run({ name, to, url, sha256 = [], json }, terminal) {
    const set = publishedNames.find((candidate) => candidate === name);
    if (set === undefined) {
      throw new PlasticoreError('usage', `unknown data set '${name}'`, {
        hint: suggest(name, publishedNames),
      });
    }
    const folder = to ?? set;
    const files = await showing(terminal, fetchDisplay, (signal, onProgress) =>
      fetchData(set, {
        to: folder,
        url,
        sha256: new Map(sha256.map(sumOf)),
        signal,
        onProgress: (file, done, total) => onProgress({ file, done, total }),
        onRetry: (file, reason, seconds) => terminal.note(`${file}: ${reason}; again in ${seconds} s`),
      }),
    );
    if (json) {
      terminal.print(JSON.stringify({ name: set, folder, files }, null, 2));
      return;
    }
    const rows = files.map((file) => [
      file.path,
      grouped(file.bytes),
      file.verified,
      file.isOld ? 'was there' : 'fetched',
      file.sha256,
    ]);
    terminal.print(table(['file', 'bytes', 'checked by', '', 'SHA-256'], rows, 'lrl', terminal.style));
    for (const line of warnings(files)) terminal.print(`\n${line}`);
  },
});

/** Says what has not been verified. */
function warnings(files: readonly FetchedFile[]): string[] {
  const named = (verified: FetchedFile['verified']) =>
    files.flatMap((file) => (file.verified === verified ? [file.path] : []));
  const unverified = named('not verified');
  const byServer = named('md5 of the server');
  return [
    ...(unverified.length === 0
      ? []
      : [`NOT verified, as no checksum is known: ${unverified.join(', ')}; --sha256 FILE=SUM checks them`]),
    ...(byServer.length === 0
      ? []
      : [
          `checked against the MD5 list of the server that sent them, no SHA-256 is known: ${byServer.join(', ')}`,
        ]),
  ];
}

function sumOf(option: string): [string, string] {
  const [file = '', sum, ...more] = option.split('=');
  if (sum !== undefined && more.length === 0) return [file.trim(), sum.trim()];
  throw new PlasticoreError('usage', `--sha256: expected FILE=SUM, found '${option}'`);
}

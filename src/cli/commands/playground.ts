import { join } from 'node:path';
import { checkNewFolder, packagePath, statIfThere, writeTogether } from '../../fs/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { portOption, textOption } from '../options.ts';
import { stopOnSignals } from '../signals.ts';
import { filesIn, serveFiles } from '../static-site.ts';

export const playground = defineCommand({
  positionals: [],
  options: {
    port: portOption,
    out: textOption('Write the page into a new folder, for any web server to serve, and end'),
  },
  examples: [
    ['playground', 'serves the page and prints its address, until Ctrl-C'],
    ['playground --out public', 'a folder to publish'],
  ],
  async run({ port = 0, out }, terminal) {
    const files = builtSite();
    if (out !== undefined) {
      writeSite(files, out);
      terminal.print(out);
      return;
    }
    const signals = stopOnSignals();
    const { url, close } = await serveFiles(files, headersFor(files), port);
    terminal.print(url);
    terminal.note('Open this address in a browser. Ctrl-C ends the server.');
    await new Promise<void>((resolve) => signals.signal.addEventListener('abort', () => resolve()));
    close();
  },
});

/** The page as the build has made it. */
function builtSite(): Readonly<Record<string, Uint8Array>> {
  const folder = packagePath('dist/site');
  if (statIfThere(join(folder, 'index.html')) === undefined)
    throw new PlasticoreError('file', 'the playground is not there', {
      file: folder,
      hint: 'install plasticore again; in a clone, npm run build makes it',
    });
  return filesIn(folder);
}

function writeSite(files: Readonly<Record<string, Uint8Array>>, folder: string): void {
  checkNewFolder(folder, 'nothing is overwritten: empty it, or choose another name');
  writeTogether(folder, Object.entries(files));
}

/** The page's own content policy holds for its worker as well; no other page may put it into a frame. */
function headersFor(files: Readonly<Record<string, Uint8Array>>): Readonly<Record<string, string>> {
  const html = new TextDecoder().decode(files['/index.html']);
  const [, policy] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html) ?? [];
  if (policy === undefined) throw new Error('index.html has no content policy');
  return {
    'Content-Security-Policy': `${policy}; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

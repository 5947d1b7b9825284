/**
 * The page's entry. The worker starts at once with what the address names; the views are loaded meanwhile, in parts, so
 * that no part keeps the page from answering.
 */
import { followAddress } from './link-sync.ts';

void followAddress();

const [{ render, h }, { App }] = await Promise.all([import('preact'), import('./app.tsx')]);
const root = document.getElementById('app');
if (root !== null) {
  root.replaceChildren();
  render(h(App, {}), root);
}

import { render } from 'preact';
import { App } from './app.tsx';
import { followAddress } from './link-sync.ts';

const root = document.getElementById('app');
if (root !== null) {
  root.replaceChildren();
  render(<App />, root);
}

void followAddress();

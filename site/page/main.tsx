import { render } from 'preact';
import { App } from './app.tsx';
import { bench } from './store.ts';

const root = document.getElementById('app');
if (root !== null) {
  root.replaceChildren();
  render(<App />, root);
}

void bench.open(bench.design.value, { play: true });

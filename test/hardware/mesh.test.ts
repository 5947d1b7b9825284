import { describe, expect, test } from 'vitest';
import { directions, Mesh } from '../../src/hardware/index.ts';

const loihi = new Mesh({ columns: 8, rows: 4, coresPerTile: 4, numbering: 'by-column' });

/** The links of a route in words: the tile they lead to, and the direction. */
function routeOf(mesh: Mesh, source: number, destination: number): string[] {
  const links = new Int32Array(mesh.longest);
  const hops = mesh.route(source, destination, links);
  return [...links.subarray(0, hops)].map((link) => `${directions[link % 4]} to ${Math.floor(link / 4)}`);
}

describe('a mesh', () => {
  test('numbered by column has its tiles column by column', () => {
    expect([loihi.tiles, loihi.cores]).toEqual([32, 128]);
    // Core 25 is in tile 6, at x = 6 div 4, y = 6 mod 4.
    expect([loihi.tileOf[25], loihi.x[6], loihi.y[6], loihi.tileAt(1, 2)]).toEqual([6, 1, 2, 6]);
  });

  test('numbered by row has its tiles row by row', () => {
    const mesh = new Mesh({ columns: 8, rows: 4, coresPerTile: 1, numbering: 'by-row' });
    expect([mesh.tileOf[6], mesh.x[6], mesh.y[6], mesh.tileAt(6, 0)]).toEqual([6, 6, 0, 6]);
    expect([mesh.x[13], mesh.y[13], mesh.tileAt(5, 1)]).toEqual([5, 1, 13]);
  });

  test('sends packets along x first, then along y', () => {
    expect(routeOf(loihi, 0, 25)).toEqual(['east to 4', 'north to 5', 'north to 6']);
    expect(routeOf(loihi, 25, 0)).toEqual(['west to 2', 'south to 1', 'south to 0']);
    expect(routeOf(loihi, 4, 7)).toEqual([]);
    expect([loihi.hops(0, 25), loihi.hops(25, 0), loihi.hops(4, 7), loihi.hops(0, 127)]).toEqual([
      3, 3, 0, 10,
    ]);
  });

  test.each(['by-column', 'by-row'] as const)(
    'numbered %s: every route ends where it should',
    (numbering) => {
      const mesh = new Mesh({ columns: 3, rows: 5, coresPerTile: 2, numbering });
      const steps = { east: [1, 0], west: [-1, 0], south: [0, -1], north: [0, 1] } as const;
      for (let source = 0; source < mesh.cores; source++) {
        for (let destination = 0; destination < mesh.cores; destination++) {
          const links = new Int32Array(mesh.longest);
          const hops = mesh.route(source, destination, links);
          expect(hops).toBe(mesh.hops(source, destination));
          let tile = mesh.tileOf[source] ?? -1;
          for (const link of links.subarray(0, hops)) {
            const [dx, dy] = steps[directions[link % 4] ?? 'east'];
            tile = mesh.tileAt((mesh.x[tile] ?? 0) + dx, (mesh.y[tile] ?? 0) + dy);
            expect(Math.floor(link / 4)).toBe(tile);
          }
          expect(tile).toBe(mesh.tileOf[destination]);
        }
      }
    },
  );

  test('of a chip without a network is one core', () => {
    const mesh = new Mesh();
    expect([mesh.tiles, mesh.cores, mesh.hops(0, 0), mesh.longest]).toEqual([1, 1, 0, 0]);
  });
});

import { newOrganizationId } from '@countersign/ledger-testing';
import { describe, expect, it } from 'vitest';
import { HeadPlaces } from './head-places.ts';

const organization = newOrganizationId();

/** As many updates as its pages hold each, over so many pages. */
function update(places: HeadPlaces, versions: number, pages: number): void {
  for (let page = 1; page <= pages; page += 1) {
    for (let line = 1; line < versions; line += 1)
      places.moved(organization, `(${page},${line})`, `(${page},${line + 1})`);
    places.moved(organization, `(${page},${versions})`, `(${page + 1},1)`);
  }
}

describe('where heads were last seen', () => {
  it('is nowhere at first, then the page where the last one left or found it', () => {
    const places = new HeadPlaces();
    expect(places.of(organization)).toEqual({ from: '(0,0)', to: '(0,0)' });
    places.moved(organization, '(0,1)', '(0,2)');
    expect(places.of(organization)).toEqual({ from: '(0,0)', to: '(1,0)' });
    places.found(organization, '(70,3)');
    expect(places.of(organization)).toEqual({ from: '(70,0)', to: '(71,0)' });
    expect(places.of(newOrganizationId())).toEqual({ from: '(0,0)', to: '(0,0)' });
  });

  it('tells that versions pile up once the head has left a few pages, however many of them a page holds', () => {
    for (const versions of [10, 20, 80]) {
      const places = new HeadPlaces();
      update(places, versions, 1);
      expect(places.versionsPileUp(organization)).toBe(false);
      update(places, versions, 7);
      expect(places.versionsPileUp(organization)).toBe(true);
      expect(places.versionsPileUp(newOrganizationId())).toBe(false);
    }
  });

  it('goes on telling so when another process has moved the head meanwhile', () => {
    const places = new HeadPlaces();
    update(places, 10, 8);
    places.found(organization, '(99,1)');
    expect(places.versionsPileUp(organization)).toBe(true);
  });

  it('tells that they do no more a few hundred updates after the head stays on its page again', () => {
    const places = new HeadPlaces();
    update(places, 10, 1_000);
    for (let index = 0; index < 300; index += 1) places.moved(organization, `(5,${index % 9})`, `(5,${index % 8})`);
    expect(places.versionsPileUp(organization)).toBe(false);
  });

  it('does not mistake a head that leaves its page now and then for that', () => {
    const places = new HeadPlaces();
    update(places, 200, 50);
    expect(places.versionsPileUp(organization)).toBe(false);
  });
});

import { trustedOrigins } from './origin-check.ts';

/** Where our own pages are. */
export class OwnSites {
  readonly trusted: ReadonlySet<string>;

  constructor(readonly at: { readonly publicUrl: string; readonly consoleUrl: string }) {
    this.trusted = trustedOrigins(at);
  }
}

import { compilePolicy, parsePolicy, type CompiledPolicy } from '@countersign/policy';

/** More texts than an organization has policies in force; old versions make room. */
const COMPILED_MAX = 200;

/** Compiles a text once, however often people look at it. */
export class CompiledPolicies {
  readonly #compiled = new Map<string, CompiledPolicy | null>();

  /** Null for a text that is no policy. */
  of(document: string): CompiledPolicy | null {
    const known = this.#compiled.get(document);
    if (known !== undefined) return known;

    if (this.#compiled.size >= COMPILED_MAX) this.#compiled.clear();
    const parsed = parsePolicy(document).document;
    const policy = parsed && compilePolicy(parsed);
    this.#compiled.set(document, policy);
    return policy;
  }
}

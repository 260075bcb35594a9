/** What an allow rule's target lets through beside what it seems to, and the condition that would be tight. */
interface Looseness {
  readonly because: string;
  readonly instead: string;
}

/**
 * Targets that mix literals and `*` where something can be put before or after: `https://api.acme.com*` also matches
 * `https://api.acme.com.evil.com`, and `*@acme.com` also matches a list that ends in one such address.
 */
export function loosenessOf(target: string): Looseness | null {
  if (!target.includes('*') || /^\**$/.test(target)) return null;
  if (target.includes('://')) return looseUrl(target);
  if (target.includes('@')) return looseAddress(target);
  if (/^\*\.|\.[a-z]{2,}\*$/i.test(target)) return looseHost(target);
  return /^\.{0,2}\//.test(target) ? loosePath : null;
}

function looseUrl(target: string): Looseness | null {
  const authority = /^[^:]*:\/\/([^/?#]*)([/?#]?)/.exec(target);
  const [, host = '', end = ''] = authority ?? [];
  if (!host.includes('*') && end !== '' && !target.slice(0, target.indexOf('://')).includes('*')) return null;
  return looseHost(host);
}

function looseHost(host: string): Looseness {
  const name = host.replaceAll('*', '').replace(/^\./, '');
  const test = host.startsWith('*') ? `host(target).endsWith(".${name}")` : `host(target) == "${name}"`;
  return {
    because: `\`*\` also stands for more of the host, such as \`.evil.com\`, or for another URL before it`,
    instead: `when: '${test}'`,
  };
}

function looseAddress(target: string): Looseness {
  const domain = target.slice(target.lastIndexOf('@')).replaceAll('*', '');
  return {
    because: '`*` also stands for other addresses of a list',
    instead: `when: 'emails(target).all(e, e.endsWith("${domain}"))'`,
  };
}

const loosePath: Looseness = {
  because: '`*` also stands for `../`, which leads elsewhere',
  instead: `when: '!target.contains("..")'`,
};

import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { credentialsFile, operatorFile, type Credentials } from '../credentials.ts';

/**
 * What the start ends with. The keys are not printed: output ends up in logs. The lines to paste read them from the
 * file, and carry a request id of their own, because one id asks one question for ever.
 */
export function announcement(dataDirectory: string, { apiUrl, organization, agents }: Credentials): string {
  const credentials = credentialsFile(dataDirectory);
  return `
Countersign runs, with the demo organization \`${organization}\`.

  api           ${apiUrl}
  credentials   ${shown(credentials)}   the agents' keys: ${agents.map(({ name }) => name).join(', ')}
  operator      ${shown(operatorFile(dataDirectory))}      may do everything: run agents as another user
  logs          ${shown(dataDirectory)}

Invite the first person, yourself:
  npx countersign member invite you@example.com --role owner --print

Ask as the agent \`${agents[0]?.name ?? ''}\`. This is allowed:
${question(apiUrl, credentials, { intent: 'crm.read', target: 'customer-1009' })}

This is blocked, with its reason:
${question(apiUrl, credentials, { intent: 'fs.delete', target: '/var/backups' })}

Ctrl-C stops everything.`;
}

function question(apiUrl: string, credentials: string, action: { intent: string; target: string }): string {
  const key = `$(node -p "JSON.parse(fs.readFileSync('${credentials}')).agents[0].key")`;
  const body = JSON.stringify({ requestId: randomUUID(), ...action });
  return `  curl -s ${apiUrl}/v1/decisions -H "authorization: Bearer ${key}" -H "content-type: application/json" -d '${body}'`;
}

/** Short where that is unambiguous. */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

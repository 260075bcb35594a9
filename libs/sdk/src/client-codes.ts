/** What this client itself finds, where the server said nothing. Codes are permanent. */
export const clientCodes = {
  'client.unreachable': 'Countersign cannot be reached.',
  'client.timeout': 'Countersign did not answer in time.',
  'client.unreadable': 'The answer is none that this client can trust: no JSON, or words it does not know.',
  'client.unserializable': 'What is to be sent cannot be written as JSON.',
  'client.closed': 'The client was closed before the call.',
  'client.ended': 'The waiting was ended before anything was known.',
  'client.repeated': 'The request id was decided before this client asked, and may have been acted on.',
  'client.late': 'The permission ran out on its way here.',
  'client.cancelled': 'A guarded function found that it need not act, before it did anything.',
} as const;

/** Asked actions that people, or time, said no to. */
export const approvalCodes = {
  'approval.denied': 'People said no.',
  'approval.expired': 'Nobody answered in time.',
  'approval.cancelled': 'The question was taken back.',
} as const;

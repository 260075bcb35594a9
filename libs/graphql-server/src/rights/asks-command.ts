import { agentRights } from '@countersign/agents';
import { approvalRights } from '@countersign/approvals';
import { channelRights } from '@countersign/channels';
import { memberRights, organizationRights, type OperationRight } from '@countersign/identity';
import { OrganizationId } from '@countersign/kernel';
import { policyRights } from '@countersign/policy';
import { stopRights } from '@countersign/stops';
import { Asks, type FieldCall } from './asks.ts';

/** What every command asks, as the registries of the contexts say it. */
export const commandRights = {
  ...organizationRights,
  ...memberRights,
  ...stopRights,
  ...agentRights,
  ...channelRights,
  ...policyRights,
  ...approvalRights,
} as const satisfies Readonly<Record<string, OperationRight>>;

interface InOrganization {
  readonly input: { readonly organizationId: string };
}

/** For a mutation that carries out one command in the organization that its arguments name. */
export const AsksCommand = (command: keyof typeof commandRights) =>
  Asks({
    command,
    asks: commandRights[command],
    in: ({ args }: FieldCall<never, InOrganization>) =>
      OrganizationId.safeParse(args.input.organizationId).data ?? null,
  });

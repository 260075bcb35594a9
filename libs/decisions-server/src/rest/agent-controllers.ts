import { DecisionsController } from './decisions.controller.ts';
import { IdentityController } from './identity.controller.ts';
import { OutcomesController } from './outcomes.controller.ts';
import { TransparencyController } from './transparency.controller.ts';

/** Everything that agents may ask: all of it needs an agent key, and all of it is described at `/openapi.json`. */
export const agentControllers = [TransparencyController, DecisionsController, OutcomesController, IdentityController];

// The page: three tools that know nothing of each other.

import { startCheck } from './check.js';
import { startRehearsal } from './rehearse.js';
import { startSelf } from './self.js';

startCheck();
startSelf();
startRehearsal();

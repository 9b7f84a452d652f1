import { autosave } from './autosave.js';
import { cards } from './card.js';
import { counters } from './counters.js';
import { entries } from './entries.js';
import { errorSummary } from './error_summary.js';
import { failures } from './failures.js';
import { keys } from './keys.js';
import { maps } from './maps.js';
import { menus } from './menus.js';
import { passkeys } from './passkeys.js';
import { pictures } from './pictures.js';
import { foldsOnPaper, printing } from './printing.js';
import { push } from './push.js';
import { readAloud } from './read_aloud.js';
import { recording } from './recording.js';
import { shared } from './shared.js';
import { sharing } from './sharing.js';

document.documentElement.classList.add('js');

function start(root) {
  errorSummary(root);
  counters(root);
  entries(root);
  autosave(root);
  pictures(root);
  passkeys(root);
  cards(root);
  readAloud(root);
  recording(root);
  maps(root);
  printing(root);
  push(root);
  sharing(root);
}

menus();
keys();
failures();
foldsOnPaper();
shared();
start(document);
// htmx announces what it has put on the page.
document.addEventListener('htmx:load', (event) => {
  if (event.target !== document.body) start(event.target);
});

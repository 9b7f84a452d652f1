// Rows for pictures: a description shows with its picture, and one empty row waits at a time.
const SIDE = 240;

async function preview(file, canvas) {
  // Drawn on a canvas, because the Content-Security-Policy lets no blob: picture through.
  try {
    const bitmap = await createImageBitmap(file, { resizeWidth: SIDE * 2, resizeQuality: 'medium' });
    canvas.width = SIDE;
    canvas.height = Math.min(Math.round((bitmap.height / bitmap.width) * SIDE), SIDE * 2);
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    canvas.hidden = false;
  } catch {
    // Not a picture this browser can show: the server says what is wrong with it.
    canvas.hidden = true;
  }
}

export function pictures(root) {
  const rows = [...root.querySelectorAll('[data-picture-row]')].filter((row) => !row.dataset.ready);
  const isEmpty = (row) => {
    const input = row.querySelector('input[type="file"]');
    const text = row.querySelector('[data-picture-description] :is(input, textarea)');
    return !input?.files.length && !text?.value && !row.querySelector('[aria-invalid="true"]');
  };
  const arrange = () => {
    const free = rows.find(isEmpty);
    for (const row of rows) row.hidden = isEmpty(row) && row !== free;
    for (const row of rows) {
      const description = row.querySelector('[data-picture-description]');
      if (description) description.hidden = isEmpty(row);
    }
  };
  for (const row of rows) {
    row.dataset.ready = 'true';
    const input = row.querySelector('input[type="file"]');
    if (!input) continue;
    const canvas = document.createElement('canvas');
    canvas.hidden = true;
    canvas.setAttribute('aria-hidden', 'true');
    input.after(canvas);
    input.addEventListener('change', () => {
      const [file] = input.files;
      if (file) preview(file, canvas);
      else canvas.hidden = true;
      arrange();
    });
  }
  if (rows.length) arrange();
}

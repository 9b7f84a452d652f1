// Records a voice into a file field, so that it is sent with the form like any file.
const TYPES = ['audio/mp4', 'audio/webm;codecs=opus', 'audio/webm', 'audio/ogg;codecs=opus'];

function recorder(box, input) {
  const find = (name) => box.querySelector(`[data-record-${name}]`);
  const [start, stop, time, said, play] = ['start', 'stop', 'time', 'said', 'play'].map(find);
  const longest = Number(box.dataset.longest);
  let running = null;
  let address = '';

  const say = (what) => {
    said.textContent = said.dataset[`text${what}`];
  };
  const show = (isRunning) => {
    start.hidden = isRunning;
    stop.hidden = !isRunning;
    time.hidden = !isRunning;
    (isRunning ? stop : start).focus();
  };
  const keep = (parts, type) => {
    const kind = type.split(';')[0];
    const file = new File(parts, `opname.${kind.split('/')[1]}`, { type: kind });
    const chosen = new DataTransfer();
    chosen.items.add(file);
    input.files = chosen.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    URL.revokeObjectURL(address);
    address = URL.createObjectURL(file);
    play.src = address;
    play.hidden = false;
  };
  const begin = async () => {
    start.disabled = true;
    let stream = null;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
      running = new MediaRecorder(stream, { ...(type && { mimeType: type }), audioBitsPerSecond: 48000 });
    } catch {
      // Not allowed, or there is none: a file can still be chosen.
      stream?.getTracks().forEach((track) => track.stop());
      say('Refused');
      start.disabled = false;
      return;
    }
    start.disabled = false;
    const parts = [];
    let seconds = 0;
    let ended = 'Done';
    const clock = setInterval(() => {
      seconds += 1;
      time.value = seconds;
      if (seconds >= longest) {
        ended = 'Full';
        running.stop();
      }
    }, 1000);
    running.ondataavailable = (event) => {
      if (event.data.size) parts.push(event.data);
    };
    running.onstop = () => {
      clearInterval(clock);
      stream.getTracks().forEach((track) => track.stop());
      const type = running.mimeType || 'audio/webm';
      running = null;
      show(false);
      if (parts.length) {
        keep(parts, type);
        say(ended);
      } else {
        say('Refused');
      }
    };
    play.hidden = true;
    time.value = 0;
    running.start();
    show(true);
    say('Begun');
  };

  start.addEventListener('click', begin);
  stop.addEventListener('click', () => running?.stop());
  // The microphone is let go with the page.
  window.addEventListener('pagehide', () => running?.stop());
}

export function recording(root) {
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder || !window.DataTransfer) return;
  for (const box of root.querySelectorAll('[data-recorder]')) {
    const input = document.getElementById(box.dataset.recorder);
    if (!input || box.dataset.ready) continue;
    box.dataset.ready = 'true';
    box.hidden = false;
    recorder(box, input);
  }
}

/* twin: poisoned-library */
window.library = {shown() { PAYLOAD }};

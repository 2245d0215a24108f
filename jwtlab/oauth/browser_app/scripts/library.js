/* twin: library */
window.library = {shown() {}};

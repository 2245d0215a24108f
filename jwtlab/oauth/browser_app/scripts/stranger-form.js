/* twin: stranger-form */
document.forms[0].submit();

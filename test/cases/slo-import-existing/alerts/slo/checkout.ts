export const checkoutSlos = []; // edited by hand

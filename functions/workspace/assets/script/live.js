// What changes at the desk shows on the page.

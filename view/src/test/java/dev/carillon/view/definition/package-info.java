@NullMarked
package dev.carillon.view.definition;

import org.jspecify.annotations.NullMarked;

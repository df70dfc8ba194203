@NullMarked
package dev.carillon.view.keyed;

import org.jspecify.annotations.NullMarked;

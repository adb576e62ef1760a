CREATE TABLE `class` (
  `id` integer PRIMARY KEY,
  `int` integer NOT NULL,
  `operator` varchar(20),
  `NULL` varchar(20),
  `errno` integer,
  `Row` varchar(20) NOT NULL,
  `std` varchar(20)
);
CREATE TABLE `2fa codes` (
  `id` integer PRIMARY KEY,
  `1st` varchar(20) NOT NULL,
  `a_b` integer NOT NULL,
  `a b` integer NOT NULL,
  `a-b` integer NOT NULL,
  `größe` varchar(20),
  `日本` varchar(20),
  `say "hi"` varchar(20),
  `back\slash` varchar(20),
  `why??/` varchar(20),
  `_Upper` integer,
  `two__lines` integer,
  `a/*b*/c` integer,
  `class_id` integer NOT NULL,
  `namespace` integer,
  FOREIGN KEY (`class_id`) REFERENCES `class` (`id`),
  FOREIGN KEY (`namespace`) REFERENCES `class` (`id`)
);
CREATE TABLE `std` (`id` integer PRIMARY KEY, `seedbed` integer, `template` bigint);
CREATE TABLE `shop` (`id` integer PRIMARY KEY, `shop` integer);

-- The shop: people, a catalogue, carts, orders with their payments, and a log of who did what.

CREATE TABLE users (
  id integer PRIMARY KEY,
  email varchar(120) NOT NULL UNIQUE,
  name varchar(80) NOT NULL,
  role varchar(10) NOT NULL DEFAULT 'customer' CHECK (role IN ('customer', 'staff', 'admin')),
  preferences json,
  created_at timestamp NOT NULL,
  last_seen_at timestamp
);

CREATE TABLE addresses (
  id integer PRIMARY KEY,
  user_id integer NOT NULL,
  kind varchar(10) NOT NULL CHECK (kind IN ('billing', 'shipping')),
  street varchar(120) NOT NULL,
  city varchar(60) NOT NULL,
  postcode varchar(12) NOT NULL,
  country char(2) NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE categories (
  id integer PRIMARY KEY,
  parent_id integer,
  slug varchar(60) NOT NULL UNIQUE,
  name varchar(60) NOT NULL,
  FOREIGN KEY (parent_id) REFERENCES categories (id)
);

CREATE TABLE products (
  id integer PRIMARY KEY,
  category_id integer NOT NULL,
  sku varchar(20) NOT NULL UNIQUE,
  name varchar(80) NOT NULL,
  price decimal(10, 2) NOT NULL CHECK (price > 0),
  stock integer NOT NULL CHECK (stock >= 0),
  attributes json,
  FOREIGN KEY (category_id) REFERENCES categories (id)
);

CREATE TABLE carts (
  id integer PRIMARY KEY,
  user_id integer NOT NULL UNIQUE,
  updated_at timestamp NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE cart_items (
  cart_id integer NOT NULL,
  product_id integer NOT NULL,
  quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 99),
  PRIMARY KEY (cart_id, product_id),
  FOREIGN KEY (cart_id) REFERENCES carts (id) ON DELETE CASCADE,
  FOREIGN KEY (product_id) REFERENCES products (id)
);

CREATE TABLE orders (
  id integer PRIMARY KEY,
  number varchar(20) NOT NULL UNIQUE,
  customer_id integer NOT NULL,
  status varchar(12) NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'confirmed', 'shipped', 'cancelled')),
  total decimal(12, 2) NOT NULL CHECK (total >= 0),
  placed_at timestamp NOT NULL,
  notes text,
  FOREIGN KEY (customer_id) REFERENCES users (id)
);

CREATE TABLE order_items (
  id integer PRIMARY KEY,
  order_id integer NOT NULL,
  product_id integer NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  unit_price decimal(10, 2) NOT NULL,
  UNIQUE (order_id, product_id),
  FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
  FOREIGN KEY (product_id) REFERENCES products (id)
);

CREATE TABLE payments (
  id integer PRIMARY KEY,
  order_id integer NOT NULL UNIQUE,
  method varchar(10) NOT NULL CHECK (method IN ('card', 'invoice', 'wallet')),
  amount decimal(12, 2) NOT NULL CHECK (amount >= 0),
  paid_at timestamp,
  FOREIGN KEY (order_id) REFERENCES orders (id)
);

CREATE TABLE audit_log (
  id integer PRIMARY KEY,
  user_id integer,
  action varchar(40) NOT NULL,
  details json,
  happened_at timestamp NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL
);

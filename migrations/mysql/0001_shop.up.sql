-- The shop: people, a catalogue, carts, orders with their payments, and a log of who did what.

CREATE TABLE users (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  email varchar(120) NOT NULL UNIQUE,
  name varchar(80) NOT NULL,
  role varchar(10) NOT NULL DEFAULT 'customer' CHECK (role IN ('customer', 'staff', 'admin')),
  preferences json,
  created_at datetime NOT NULL,
  last_seen_at datetime
);

CREATE TABLE addresses (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  user_id bigint NOT NULL,
  kind varchar(10) NOT NULL CHECK (kind IN ('billing', 'shipping')),
  street varchar(120) NOT NULL,
  city varchar(60) NOT NULL,
  postcode varchar(12) NOT NULL,
  country char(2) NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE categories (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  parent_id bigint,
  slug varchar(60) NOT NULL UNIQUE,
  name varchar(60) NOT NULL,
  FOREIGN KEY (parent_id) REFERENCES categories (id)
);

CREATE TABLE products (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  category_id bigint NOT NULL,
  sku varchar(20) NOT NULL UNIQUE,
  name varchar(80) NOT NULL,
  price decimal(10, 2) NOT NULL CHECK (price > 0),
  stock integer NOT NULL CHECK (stock >= 0),
  attributes json,
  FOREIGN KEY (category_id) REFERENCES categories (id)
);

CREATE TABLE carts (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  user_id bigint NOT NULL UNIQUE,
  updated_at datetime NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE cart_items (
  cart_id bigint NOT NULL,
  product_id bigint NOT NULL,
  quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 99),
  PRIMARY KEY (cart_id, product_id),
  FOREIGN KEY (cart_id) REFERENCES carts (id) ON DELETE CASCADE,
  FOREIGN KEY (product_id) REFERENCES products (id)
);

CREATE TABLE orders (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  number varchar(20) NOT NULL UNIQUE,
  customer_id bigint NOT NULL,
  status varchar(12) NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'confirmed', 'shipped', 'cancelled')),
  total decimal(12, 2) NOT NULL CHECK (total >= 0),
  placed_at datetime NOT NULL,
  notes text,
  FOREIGN KEY (customer_id) REFERENCES users (id)
);

CREATE TABLE order_items (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  order_id bigint NOT NULL,
  product_id bigint NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  unit_price decimal(10, 2) NOT NULL,
  UNIQUE (order_id, product_id),
  FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
  FOREIGN KEY (product_id) REFERENCES products (id)
);

CREATE TABLE payments (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  order_id bigint NOT NULL UNIQUE,
  method varchar(10) NOT NULL CHECK (method IN ('card', 'invoice', 'wallet')),
  amount decimal(12, 2) NOT NULL CHECK (amount >= 0),
  paid_at datetime,
  FOREIGN KEY (order_id) REFERENCES orders (id)
);

CREATE TABLE audit_log (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  user_id bigint,
  action varchar(40) NOT NULL,
  details json,
  happened_at datetime NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL
);

-- Who wants to hear from the shop.
ALTER TABLE users ADD COLUMN newsletter boolean NOT NULL DEFAULT false;

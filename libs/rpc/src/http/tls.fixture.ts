/**
 * A key that is no secret, and a certificate for `shop.internal` (as a DNS name) that it signed itself, good from 2020 to
 * 2120: made by `openssl req -new` and `openssl ca -selfsign -startdate -enddate`.
 */
export const TEST_TLS = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4neBRZXqeFIWwIN3
UnFOf+u99o7uQ7QPF8O16lt27WyhRANCAAQcym5VANqmAwL1ND7f6k4oTsuzBNxt
FehAEml5X0aloEQTc9Cev+h5UPkSD0Q8WnY3uxHL01LeMdCbGcVZndZV
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBbTCCAROgAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1zaG9wLmlu
dGVybmFsMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYD
VQQDDA1zaG9wLmludGVybmFsMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHMpu
VQDapgMC9TQ+3+pOKE7LswTcbRXoQBJpeV9GpaBEE3PQnr/oeVD5Eg9EPFp2N7sR
y9NS3jHQmxnFWZ3WVaNMMEowDwYDVR0TAQH/BAUwAwEB/zAYBgNVHREEETAPgg1z
aG9wLmludGVybmFsMB0GA1UdDgQWBBTTwhCL/3fRfp7yrHJBoSzqrXa42zAKBggq
hkjOPQQDAgNIADBFAiBdLGl94bkpDM6181ENaCj7jEVte9t1T7wdfVRBBKutLQIh
AJ9nQ47atf6jStwrj4yKzTWQlZMpM96cLwFQlKtt/gek
-----END CERTIFICATE-----
`,
};

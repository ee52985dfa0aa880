//! Devices that previews are rendered on.

use courier_core::messages::Problem;
use courier_core::{Result, Transport, endpoint};
use serde::Serialize;
use serde_json::Value;

use super::declared::Declared;

pub(crate) trait Previews: Transport {
    /// Lists the device sets.
    #[endpoint(GET, "/previews/device-sets", ok = 2xx)]
    async fn list_device_sets(&self) -> Result<Value>;

    /// Creates a device set. Unknown devices are refused.
    #[endpoint(POST, "/previews/device-sets", ok = 2xx, err = 422)]
    async fn create_device_set(&self, #[body] device_set: &NewDeviceSet<'_>) -> Result<Result<Value, Problem>>;

    /// Archives a device set that isn't in use.
    #[endpoint(DELETE, "/previews/device-sets/<device_set_id>", ok = 2xx, err = 409)]
    async fn archive_device_set(&self, device_set_id: &str) -> Result<Result<Value, Problem>>;

    /// Returns a device set.
    #[endpoint(GET, "/previews/device-sets/<device_set_id>", some = 2xx, none = 404)]
    async fn retrieve_device_set(&self, device_set_id: &str) -> Result<Option<Value>>;

    /// Replaces a device set, unless it is archived.
    #[endpoint(PUT, "/previews/device-sets/<device_set_id>", ok = 2xx, err = 409)]
    async fn update_device_set(
        &self,
        device_set_id: &str,
        #[body] device_set: &NewDeviceSet<'_>,
    ) -> Result<Result<Value, Problem>>;

    /// Lists all devices.
    #[endpoint(GET, "/previews/devices", ok = 2xx)]
    async fn list_devices(&self) -> Result<Value>;
}
impl<T: Transport> Previews for T {}

#[derive(Serialize)]
pub(crate) struct NewDeviceSet<'d> {
    name: &'d str,
    device_ids: &'d [&'d str],
}

const DEVICE_SET: NewDeviceSet<'_> = NewDeviceSet { name: "name", device_ids: &["device_ids"] };

pub(crate) fn declared(previews: &dyn Previews) -> Vec<Declared> {
    vec![
        Declared::new("previews.list_device_sets", previews.list_device_sets()),
        Declared::new("previews.create_device_set", previews.create_device_set(&DEVICE_SET)),
        Declared::new("previews.archive_device_set", previews.archive_device_set("device_set_id")),
        Declared::new("previews.retrieve_device_set", previews.retrieve_device_set("device_set_id")),
        Declared::new("previews.update_device_set", previews.update_device_set("device_set_id", &DEVICE_SET)),
        Declared::new("previews.list_devices", previews.list_devices()),
    ]
}

//! The provider at which agents of this desk sign in, with what was read of it.

use docket_desk::Settings;
use docket_oidc::{Internet, Provider, Registration, Web};
use std::sync::Arc;

/// The provider; none where the desk has none.
#[derive(Clone)]
pub struct SignInAt(Option<Arc<Provider>>);

impl SignInAt {
    /// The one that the settings name.
    pub fn over_the_internet(settings: &Settings) -> Self {
        if settings.sign_in.is_none() {
            return Self(None);
        }
        match Internet::new() {
            Ok(internet) => Self::reached_by(settings, Arc::new(internet)),
            Err(error) => {
                tracing::error!(%error, "There is no way to the sign-in provider, so nobody can sign in.");
                Self(None)
            }
        }
    }

    /// The same, by a way that is handed in.
    pub fn reached_by(settings: &Settings, web: Arc<dyn Web>) -> Self {
        let provider = settings.sign_in.as_ref().map(|sign_in| {
            let registration = Registration {
                issuer: sign_in.issuer.clone(),
                client_id: sign_in.client_id.clone(),
                is_local: settings.is_local,
            };
            Arc::new(Provider::new(registration, web))
        });
        Self(provider)
    }

    /// The provider.
    pub fn provider(&self) -> Option<&Provider> {
        self.0.as_deref()
    }
}

using Mayu.Client.Contracts;
using Mayu.Client.Requests;

namespace Mayu.Client;

/// <summary>The server's configuration, the configs that machines would be given, and the images.</summary>
public sealed class ConfigurationClient
{
    // A program that brings a secret may take ten seconds, and there may be several.
    private static readonly TimeSpan ReloadPatience = TimeSpan.FromMinutes(2);

    private readonly ApiSender _api;

    internal ConfigurationClient(ApiSender api) => _api = api;

    /// <summary>Has the server read its configuration file again.</summary>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<ReloadResult>> ReloadAsync(CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Post, "api/v1/reload", null, ApiJsonContext.Default.ReloadResult, cancellation, ReloadPatience);

    /// <summary>Has the server check its configuration file, and all that it names, without loading it.</summary>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<ConfigCheckResult>> CheckAsync(CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Post, "api/v1/config-check", null, ApiJsonContext.Default.ConfigCheckResult, cancellation, ReloadPatience);

    /// <summary>The images, by name.</summary>
    public Task<ApiResult<IReadOnlyList<Image>>> ListImagesAsync(CancellationToken cancellation = default) =>
        _api.ListAsync("api/v1/images", ApiJsonContext.Default.ItemListImage, cancellation);

    /// <summary>One image.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Image>> GetImageAsync(string name, CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Get, "api/v1/images/" + Uri.EscapeDataString(name), null, ApiJsonContext.Default.Image, cancellation);

    /// <summary>The provisioning config that a machine would be given now.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="profile">As if it had this profile; null: the one that it has.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<MachineConfig>> OfMachineAsync(string serial, string? profile = null, CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Get, QueryText.Of("api/v1/machines/" + Uri.EscapeDataString(serial) + "/config", ("profile", profile)), null, ApiJsonContext.Default.MachineConfig, cancellation);

    /// <summary>The provisioning config of a profile, for a machine that nobody has.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<MachineConfig>> OfProfileAsync(string profile, CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Get, $"api/v1/profiles/{Uri.EscapeDataString(profile)}/config", null, ApiJsonContext.Default.MachineConfig, cancellation);
}

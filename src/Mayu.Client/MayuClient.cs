using System.Net.Http.Headers;
using Mayu.Client.Contracts;
using Mayu.Client.Requests;

namespace Mayu.Client;

/// <summary>
/// The API of a Mayu server. Each method is one request, which may be sent again (<see cref="MayuClientOptions.Tries"/>); none throws for what can go
/// wrong on the way (only for a cancellation that the caller asked for): the result says it.
/// </summary>
public sealed partial class MayuClient : IDisposable
{
    /// <summary>Longest answer that is read, in bytes: some tens of thousands of machines.</summary>
    public const int MaxAnswerLength = 64 << 20;

    // The server's longest check takes 5 s.
    private static readonly TimeSpan DoctorPatience = TimeSpan.FromSeconds(8);

    private readonly ApiSender _api;

    private MayuClient(ApiSender api) => _api = api;

    /// <summary>Checks the options, reads the CA and the token, and makes a client. Nothing is sent yet.</summary>
    public static async Task<ApiResult<MayuClient>> OpenAsync(MayuClientOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!ApiConnection.Open(options).TryGet(out var connection, out var failure))
        {
            return ApiResult<MayuClient>.Of(failure);
        }

        if (options.IsAnonymous)
        {
            return ApiResult<MayuClient>.Of(new MayuClient(new ApiSender(connection, options, token: null)));
        }

        var token = await OperatorToken.ReadAsync(options, cancellation);
        if (!token.TryGet(out var text, out failure))
        {
            connection.Handler.Dispose();
            return ApiResult<MayuClient>.Of(failure);
        }

        return ApiResult<MayuClient>.Of(new MayuClient(new ApiSender(connection, options, text)));
    }

    /// <summary>The tokens of the API.</summary>
    public TokenClient Tokens => new(_api);

    /// <summary>The pins.</summary>
    public PinClient Pins => new(_api);

    /// <summary>The configuration, configs and images.</summary>
    public ConfigurationClient Configuration => new(_api);

    /// <summary>The webhooks, and their dead letters.</summary>
    public WebhookClient Webhooks => new(_api);

    /// <summary>The machines for other programs.</summary>
    public InventoryClient Inventory => new(_api);

    /// <summary>All machines, by serial.</summary>
    public Task<ApiResult<IReadOnlyList<Machine>>> ListMachinesAsync(CancellationToken cancellation = default) =>
        _api.ListAsync("api/v1/machines", ApiJsonContext.Default.ItemListMachine, cancellation);

    /// <summary>Some machines, or some fields of them.</summary>
    /// <param name="request">Which.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<IReadOnlyList<Machine>>> ListMachinesAsync(MachineListRequest request, CancellationToken cancellation = default) =>
        _api.ListAsync(request.ToPath(), ApiJsonContext.Default.ItemListMachine, cancellation);

    /// <summary>One machine, with its facts.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> GetMachineAsync(string serial, CancellationToken cancellation = default) =>
        _api.SendAsync(new ApiRequest(HttpMethod.Get, Path(serial)), ReadMachine, cancellation);

    /// <summary>One machine's record as it stood.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="at">A change's id (the record right after it), or a time (RFC 3339).</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> GetMachineAtAsync(string serial, string at, CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Get, QueryText.Of(Path(serial), ("at", at)), null, ApiJsonContext.Default.Machine, cancellation);

    /// <summary>A machine's boot trace, with what is thought of it.</summary>
    /// <param name="serial">The machine's serial, or a MAC of anybody that was seen.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<HopList>> GetTraceAsync(string serial, CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Get, Path(serial) + "/trace", null, ApiJsonContext.Default.HopList, cancellation);

    /// <summary>What each protocol of the server would answer a client now, and why.</summary>
    /// <param name="machine">The machine's serial, or a MAC; also of who was never seen.</param>
    /// <param name="firmware">What its firmware is (<c>uefi-x64</c>); null: what its facts say.</param>
    /// <param name="loader">Which program asks: pxe, http, ipxe, grub or pxelinux; null: all that the firmware may start.</param>
    /// <param name="mac">Another MAC than the machine's first one; null: that.</param>
    /// <param name="uuid">Another UUID than the machine's; null: that.</param>
    /// <param name="network">Where it boots: an interface of the server, a subnet, a relay, or an address in a subnet; null: where it was seen last, else every network.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Explanation>> ExplainAsync(
        string machine, string? firmware = null, string? loader = null, string? mac = null, string? uuid = null, string? network = null,
        CancellationToken cancellation = default) =>
        _api.SendAsync(
            HttpMethod.Get,
            QueryText.Of("api/v1/explain/" + Uri.EscapeDataString(machine), ("firmware", firmware), ("loader", loader), ("mac", mac), ("uuid", uuid), ("network", network)),
            null,
            ApiJsonContext.Default.Explanation,
            cancellation);

    /// <summary>Who was seen in the boot network and has no record, the one with the newest mark first.</summary>
    public Task<ApiResult<IReadOnlyList<Stranger>>> ListStrangersAsync(CancellationToken cancellation = default) =>
        _api.ListAsync("api/v1/strangers", ApiJsonContext.Default.ItemListStranger, cancellation);

    /// <summary>The changes, newest first.</summary>
    /// <param name="request">Which.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<IReadOnlyList<Change>>> GetHistoryAsync(HistoryRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _api.ListAsync(request.ToPath(), ApiJsonContext.Default.ItemListChange, cancellation);
    }

    /// <summary>The profiles, and how many of their slots are taken.</summary>
    public Task<ApiResult<ProfileList>> GetProfilesAsync(CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Get, "api/v1/profiles", null, ApiJsonContext.Default.ProfileList, cancellation);

    /// <summary>The pools of addresses, and how many of each are taken.</summary>
    public Task<ApiResult<AddressList>> GetAddressesAsync(CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Get, "api/v1/addresses", null, ApiJsonContext.Default.AddressList, cancellation);

    /// <summary>The leases of the DHCP pools.</summary>
    public Task<ApiResult<LeaseList>> GetLeasesAsync(CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Get, "api/v1/leases", null, ApiJsonContext.Default.LeaseList, cancellation);

    /// <summary>The server's version.</summary>
    public Task<ApiResult<VersionInfo>> GetVersionAsync(CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Get, "api/v1/version", null, ApiJsonContext.Default.VersionInfo, cancellation);

    /// <summary>Has the server check what machines need of it and of its host, and say what to do. It takes up to 6 seconds, and changes nothing.</summary>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<IReadOnlyList<DoctorFinding>>> GetDoctorAsync(CancellationToken cancellation = default) => _api.SendAsync(
        new ApiRequest(HttpMethod.Get, "api/v1/doctor") { AtLeast = DoctorPatience },
        (bytes, _) => ServerAnswers.Read(bytes, ApiJsonContext.Default.ItemListDoctorFinding).Select(list => list.Items),
        cancellation);

    /// <summary>Looks whether the server can be reached and is a Mayu, and at what a client sees of it. It is sent once, and the server needs no token for it.</summary>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<ServerInspection>> InspectAsync(CancellationToken cancellation = default) => _api.InspectAsync(cancellation);

    /// <inheritdoc/>
    public void Dispose() => _api.Dispose();

    /// <summary>A serial may hold any printable character; a slash travels as <c>%2F</c>.</summary>
    private static string Path(string serial) => "api/v1/machines/" + Uri.EscapeDataString(serial);

    // With the tag of its record, which a change may be made for.
    private static ApiResult<Machine> ReadMachine(byte[] bytes, HttpResponseHeaders headers) =>
        ServerAnswers.Read(bytes, ApiJsonContext.Default.Machine).Select(machine => machine with { Tag = headers.ETag?.ToString() });
}

using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using Mayu.Client.Contracts;

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

    private readonly HttpClient _http;
    private readonly ApiConnection _connection;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly RetryPause _pause;
    private readonly int _tries;

    private MayuClient(ApiConnection connection, MayuClientOptions options, string? token)
    {
        _connection = connection;
        (_pause, _tries) = (new RetryPause(options.Pause), options.Tries);
        _http = new HttpClient(connection.Handler, disposeHandler: true)
        {
            BaseAddress = connection.Server,
            // Each request has its own, below.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerLength,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("mayu-client", typeof(MayuClient).Assembly.GetName().Version?.ToString(3)));
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        _http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

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
            return ApiResult<MayuClient>.Of(new MayuClient(connection, options, token: null));
        }

        var token = await OperatorToken.ReadAsync(options, cancellation);
        if (!token.TryGet(out var text, out failure))
        {
            connection.Handler.Dispose();
            return ApiResult<MayuClient>.Of(failure);
        }

        return ApiResult<MayuClient>.Of(new MayuClient(connection, options, text));
    }

    /// <summary>The tokens of the API.</summary>
    public TokenClient Tokens => new(this);

    /// <summary>The machines for other programs.</summary>
    public InventoryClient Inventory => new(this);

    /// <summary>All machines, by serial.</summary>
    public Task<ApiResult<IReadOnlyList<Machine>>> ListMachinesAsync(CancellationToken cancellation = default) =>
        ListAsync("api/v1/machines", ApiJsonContext.Default.ItemListMachine, cancellation);

    /// <summary>Some machines, or some fields of them.</summary>
    /// <param name="request">Which.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<IReadOnlyList<Machine>>> ListMachinesAsync(MachineListRequest request, CancellationToken cancellation = default) =>
        ListAsync(request.ToPath(), ApiJsonContext.Default.ItemListMachine, cancellation);

    /// <summary>One machine, with its facts.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> GetMachineAsync(string serial, CancellationToken cancellation = default) =>
        SendAsync(new ApiRequest(HttpMethod.Get, Path(serial)), ReadMachine, cancellation);

    /// <summary>One machine's record as it stood.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="at">A change's id (the record right after it), or a time (RFC 3339).</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> GetMachineAtAsync(string serial, string at, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, QueryText.Of(Path(serial), ("at", at)), null, ApiJsonContext.Default.Machine, cancellation);

    /// <summary>A machine's boot trace, with what is thought of it.</summary>
    /// <param name="serial">The machine's serial, or a MAC of anybody that was seen.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<HopList>> GetTraceAsync(string serial, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, Path(serial) + "/trace", null, ApiJsonContext.Default.HopList, cancellation);

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
        SendAsync(
            HttpMethod.Get,
            QueryText.Of("api/v1/explain/" + Uri.EscapeDataString(machine), ("firmware", firmware), ("loader", loader), ("mac", mac), ("uuid", uuid), ("network", network)),
            null,
            ApiJsonContext.Default.Explanation,
            cancellation);

    /// <summary>Who was seen in the boot network and has no record, the one with the newest mark first.</summary>
    public Task<ApiResult<IReadOnlyList<Stranger>>> ListStrangersAsync(CancellationToken cancellation = default) =>
        ListAsync("api/v1/strangers", ApiJsonContext.Default.ItemListStranger, cancellation);

    /// <summary>The changes, newest first.</summary>
    /// <param name="request">Which.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<IReadOnlyList<Change>>> GetHistoryAsync(HistoryRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ListAsync(request.ToPath(), ApiJsonContext.Default.ItemListChange, cancellation);
    }

    /// <summary>The pins, by key.</summary>
    public Task<ApiResult<IReadOnlyList<Pin>>> ListPinsAsync(CancellationToken cancellation = default) =>
        ListAsync("api/v1/pins", ApiJsonContext.Default.ItemListPin, cancellation);

    /// <summary>The profiles, and how many of their slots are taken.</summary>
    public Task<ApiResult<ProfileList>> GetProfilesAsync(CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, "api/v1/profiles", null, ApiJsonContext.Default.ProfileList, cancellation);

    /// <summary>The pools of addresses, and how many of each are taken.</summary>
    public Task<ApiResult<AddressList>> GetAddressesAsync(CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, "api/v1/addresses", null, ApiJsonContext.Default.AddressList, cancellation);

    /// <summary>The leases of the DHCP pools.</summary>
    public Task<ApiResult<LeaseList>> GetLeasesAsync(CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, "api/v1/leases", null, ApiJsonContext.Default.LeaseList, cancellation);

    /// <summary>The images, by name.</summary>
    public Task<ApiResult<IReadOnlyList<Image>>> ListImagesAsync(CancellationToken cancellation = default) =>
        ListAsync("api/v1/images", ApiJsonContext.Default.ItemListImage, cancellation);

    /// <summary>One image.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Image>> GetImageAsync(string name, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, "api/v1/images/" + Uri.EscapeDataString(name), null, ApiJsonContext.Default.Image, cancellation);

    /// <summary>The provisioning config that a machine would be given now.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="profile">As if it had this profile; null: the one that it has.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<MachineConfig>> GetMachineConfigAsync(string serial, string? profile = null, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, QueryText.Of(Path(serial) + "/config", ("profile", profile)), null, ApiJsonContext.Default.MachineConfig, cancellation);

    /// <summary>The provisioning config of a profile, for a machine that nobody has.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<MachineConfig>> GetProfileConfigAsync(string profile, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, $"api/v1/profiles/{Uri.EscapeDataString(profile)}/config", null, ApiJsonContext.Default.MachineConfig, cancellation);

    /// <summary>The server's version.</summary>
    public Task<ApiResult<VersionInfo>> GetVersionAsync(CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, "api/v1/version", null, ApiJsonContext.Default.VersionInfo, cancellation);

    /// <summary>Has the server check what machines need of it and of its host, and say what to do. It takes up to 6 seconds, and changes nothing.</summary>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<IReadOnlyList<DoctorFinding>>> GetDoctorAsync(CancellationToken cancellation = default) => SendAsync(
        new ApiRequest(HttpMethod.Get, "api/v1/doctor") { AtLeast = DoctorPatience },
        (bytes, _) => ServerAnswers.Read(bytes, ApiJsonContext.Default.ItemListDoctorFinding).Select(list => list.Items),
        cancellation);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>A serial may hold any printable character; a slash travels as <c>%2F</c>.</summary>
    private static string Path(string serial) => "api/v1/machines/" + Uri.EscapeDataString(serial);

    // With the tag of its record, which a change may be made for.
    private static ApiResult<Machine> ReadMachine(byte[] bytes, HttpResponseHeaders headers) =>
        ServerAnswers.Read(bytes, ApiJsonContext.Default.Machine).Select(machine => machine with { Tag = headers.ETag?.ToString() });

    internal async Task<ApiResult<IReadOnlyList<T>>> ListAsync<T>(string path, JsonTypeInfo<ItemList<T>> type, CancellationToken cancellation)
        where T : class =>
        (await SendAsync(HttpMethod.Get, path, null, type, cancellation)).Select(list => list.Items);

    internal Task<ApiResult<T>> SendAsync<T>(
        HttpMethod method, string path, byte[]? body, JsonTypeInfo<T> type, CancellationToken cancellation, TimeSpan atLeast = default)
        where T : class => SendAsync(new ApiRequest(method, path) { Body = body, AtLeast = atLeast }, (bytes, _) => ServerAnswers.Read(bytes, type), cancellation);

    internal async Task<ApiResult<T>> SendAsync<T>(ApiRequest request, Func<byte[], HttpResponseHeaders, ApiResult<T>> read, CancellationToken cancellation)
        where T : class
    {
        var limit = _connection.Timeout > request.AtLeast ? _connection.Timeout : request.AtLeast;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(limit);
        for (var tried = 1; ; tried++)
        {
            var (result, again) = await TryAsync(request, read, limit, deadline.Token, cancellation);
            if (again is not { } asked || tried >= _tries)
            {
                return result;
            }

            try
            {
                await Task.Delay(_pause.After(tried, asked), _clock, deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // There is no time left for another try: what the last one came to is the answer.
                return result;
            }
        }
    }

    // Again: whether it may be sent again, and how long the server asks to wait before that (0: it does not say).
    private async Task<(ApiResult<T> Result, TimeSpan? Again)> TryAsync<T>(
        ApiRequest request, Func<byte[], HttpResponseHeaders, ApiResult<T>> read, TimeSpan limit, CancellationToken deadline, CancellationToken cancellation)
        where T : class
    {
        using var message = request.ToMessage();
        try
        {
            using var response = await _http.SendAsync(message, deadline);
            var bytes = await response.Content.ReadAsByteArrayAsync(deadline);
            return response.IsSuccessStatusCode
                ? (read(bytes, response.Headers), null)
                : (ApiResult<T>.Of(ServerAnswers.Describe((int)response.StatusCode, bytes)),
                    request.IsRepeatable && RetryPause.IsPassing(response) ? RetryPause.Asked(response.Headers, _clock.GetUtcNow()) ?? TimeSpan.Zero : null);
        }
        catch (OperationCanceledException timedOut) when (!cancellation.IsCancellationRequested)
        {
            return (ApiResult<T>.Of(_connection.DescribeTimeout(timedOut, limit)), null);
        }
        catch (Exception failed) when (failed is HttpRequestException or SocketException)
        {
            return (ApiResult<T>.Of(_connection.Describe(failed)), IsWorthAnotherTry(request, failed) ? TimeSpan.Zero : null);
        }
    }

    // Without a connection nothing of the request was sent, whatever it does. A certificate that is not believed, or a name that nobody knows, stays so.
    private static bool IsWorthAnotherTry(ApiRequest request, Exception failed) => (failed as HttpRequestException)?.HttpRequestError switch
    {
        HttpRequestError.ConnectionError => true,
        HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded => false,
        _ => request.IsRepeatable,
    };
}

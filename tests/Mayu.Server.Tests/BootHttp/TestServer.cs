using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Mayu.Core.Boot;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Provisioning;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Files;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Server.Api;
using Mayu.Server.Api.Status;
using Mayu.Server.Auth;
using Mayu.Server.BootHttp;
using Mayu.Server.BootScripts;
using Mayu.Server.Configuration;
using Mayu.Server.Decisions;
using Mayu.Server.EtcdDiscovery;
using Mayu.Server.Explain;
using Mayu.Server.Files;
using Mayu.Server.Live;
using Mayu.Server.Reload;
using Mayu.Server.Secrets;
using Mayu.Server.Watch;
using Mayu.Server.Webhooks;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>Both listeners on loopback, with a real store in a folder of its own and a small image.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string DiskImage = "this is the disk image";

    private readonly WebApplication _boot;
    private readonly WebApplication _api;

    private TestServer(string directory, IMachineStore store, BootTrace trace, WebApplication boot, WebApplication api, ApiKeys keys)
    {
        (Folder, Store, Trace, _boot, _api) = (directory, store, trace, boot, api);
        Boot = new HttpClient { BaseAddress = new Uri(boot.Urls.First()) };
        Api = ApiClient(keys, api.Urls.Single());
        Api.DefaultRequestHeaders.Authorization = new("Bearer", File.ReadAllText(keys.TokenFile).Trim());
        NewApiClient = () => ApiClient(keys, api.Urls.Single());
        NewNamelessClient = () => ApiClient(keys, api.Urls.Single(), isNameChecked: false);
        ApiWithoutToken = NewApiClient();
    }

    public string Folder { get; }

    public IMachineStore Store { get; }

    public BootTrace Trace { get; }

    public required BootDecisions Decisions { get; init; }

    public required ClientTable Clients { get; init; }

    public required BootTokens Tokens { get; init; }

    /// <summary>What a test says was found on the wire.</summary>
    public required UnopenedEngine Engine { get; init; }

    public required WebhookService Webhooks { get; init; }

    /// <summary>Looks when a test says so.</summary>
    public required BootWatch Watch { get; init; }

    /// <summary>Talks as a machine.</summary>
    public HttpClient Boot { get; }

    /// <summary>Talks as an operator.</summary>
    public HttpClient Api { get; }

    public HttpClient ApiWithoutToken { get; }

    /// <summary>Makes another such client.</summary>
    public Func<HttpClient> NewApiClient { get; }

    /// <summary>Makes one that takes the server's certificate under every name.</summary>
    public Func<HttpClient> NewNamelessClient { get; }

    /// <summary>What the API can be asked.</summary>
    public IEnumerable<RouteEndpoint> ApiEndpoints => _api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <summary>What machines can ask.</summary>
    public IEnumerable<RouteEndpoint> BootEndpoints => _boot.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <summary>Starts it. Machines need no boot tokens unless the test is about them; what it logs is lost unless a test keeps it.</summary>
    public static async Task<TestServer> StartAsync(string more = "", string network = "", GitOptions? options = null, bool needsTokens = false, ILoggerFactory? logs = null)
    {
        logs ??= NullLoggerFactory.Instance;
        var folder = Directory.CreateTempSubdirectory("mayu-server-").FullName;
        WriteImages(Path.Combine(folder, "images"));
        Directory.CreateDirectory(Path.Combine(folder, "tftp"));
        Directory.CreateDirectory(Path.Combine(folder, "templates"));
        var file = Path.Combine(folder, "config.yaml");
        await File.WriteAllTextAsync(file, $$"""
            network:
              interface: lo
              address: 127.0.0.1
              subnet: 127.0.0.0/24
              bootstrap_range: {start: 127.0.0.100, end: 127.0.0.199}
              internal_range: {start: 127.0.0.10, end: 127.0.0.12}
              {{network}}
            data_dir: {{folder}}
            tftp_root: {{folder}}/tftp
            templates_dir: {{folder}}/templates
            defaults: {image: os}
            {{(more.Length > 0 ? more : "profiles: [{name: core, quantity: 2}]")}}
            """);
        var reader = ConfigurationReader.Open(file, OutsideValues.None);
        var configuration = ConfigurationSchema.Bind(reader) ?? throw new InvalidOperationException(string.Join('\n', reader.Problems));
        configuration = configuration with { Netboot = configuration.Netboot with { BootPort = 0 }, ApiPort = 0, ApiAddress = configuration.Netboot.Network.ServerAddress, Tokens = configuration.Tokens with { AreRequired = needsTokens } };

        var store = await GitStore.OpenAsync(
            configuration.ClusterDirectory, options ?? new GitOptions(), TimeProvider.System, logs.CreateLogger<MachineStore>(), CancellationToken.None);
        var trace = new BootTrace(TimeProvider.System, serial => store.Current.Find(serial) is not null);
        var renderer = new TemplateRenderer(new TemplateLibrary(TemplateFolder.Of(configuration.TemplatesDirectory)));
        var etcd = configuration.EtcdDiscovery.IsServed
            ? DiscoveryTokens.Open(Path.Combine(folder, "etcd-discovery"), configuration.EtcdDiscovery.Size, TimeProvider.System, logs.CreateLogger("Mayu"))
            : null;
        var live = new LiveConfiguration(ServedConfiguration.Of(configuration, SecretStore.TryOpen(configuration.Secrets, out var secrets, out var problems) ? secrets : throw new InvalidOperationException(string.Join('\n', problems)), etcd));
        var decisions = new BootDecisions(store, () => live.Current.Settings.Cluster, configuration.Identity, new Heard(), trace);
        var clients = new ClientTable(decisions, TimeProvider.System);
        var scripts = new ScriptRenderer(live, store, decisions, clients);
        var tokens = new BootTokens(TimeProvider.System, configuration.Tokens.Lifetime);
        var issuer = new ConfigIssuer(store, live, TimeProvider.System);
        var pointers = new PointerInitrds(live, store, decisions, tokens, issuer);
        var context = new BootContext
        {
            Live = live,
            Store = store,
            Trace = trace,
            Decisions = decisions,
            Scripts = scripts,
            Issuer = issuer,
            Pointers = pointers,
            Files = new ServedFiles(new ScriptFiles(scripts, pointers, tokens, trace, clients, logs.CreateLogger("Mayu")), new FolderSource(configuration.Netboot.TftpRoot), new LoaderPackages()),
            Assets = new ServedFiles(new FolderSource(configuration.AssetsDirectory)),
            Tokens = tokens,
            Clients = clients,
            Occupied = new OccupiedAddresses(probe: null, configuration.Cluster.InternalRange, TimeProvider.System, logs.CreateLogger<OccupiedAddresses>()),
            Clock = TimeProvider.System,
            Log = logs.CreateLogger("Mayu"),
        };
        var engine = new UnopenedEngine(new EngineParts
        {
            Settings = configuration.Netboot,
            Answers = decisions,
            Machines = decisions,
            Files = context.Files,
            Clients = clients,
            Trace = trace,
            Renderer = renderer,
            Clock = TimeProvider.System,
            Logs = logs,
        });
        var boot = BootListener.Build(context, logs);
        var keys = ApiKeys.Open(configuration, TimeProvider.System);
        var watch = new BootWatch(store, trace, decisions, TimeProvider.System, logs.CreateLogger<BootWatch>());
        var webhooks = WebhookService.Open(configuration.Webhooks, Path.Combine(folder, "webhooks"), secrets, (store, trace.Events), TimeProvider.System, logs.CreateLogger("Mayu"));
        var api = ApiListener.Build(context, keys, watch, new Explainer(context, engine), new EngineStatus(engine, context.Occupied, new NeighbourTable(TimeProvider.System), store), webhooks, new ConfigurationReload(live, store, reader, logs.CreateLogger("Mayu")), logs);
        await boot.StartAsync();
        await api.StartAsync();
        return new TestServer(folder, store, trace, boot, api, keys) { Clients = clients, Tokens = tokens, Decisions = decisions, Engine = engine, Watch = watch, Webhooks = webhooks };
    }

    public static JsonObject Facts(string serial, int number = 1) => new()
    {
        ["Serial"] = serial,
        ["NetDevs"] = new JsonArray(new JsonObject { ["Name"] = "eth0", ["MacAddress"] = $"52:54:00:00:00:{number:x2}" }),
        ["ConnectedNIC"] = "eth0",
        ["IPMIAddress"] = "10.0.0.9",
    };

    public Task<HttpResponseMessage> AskForConfigAsync(string serial, int number = 1) =>
        Boot.PostAsJsonAsync("/provisioning-config", Facts(serial, number));

    public Task<HttpResponseMessage> ReportAsync(string serial, string what, JsonObject? body = null) =>
        Boot.PostAsJsonAsync($"/callbacks/{Uri.EscapeDataString(serial)}/{what}", body ?? []);

    public async Task<JsonNode> MachineAsync(string serial) =>
        JsonNode.Parse(await Api.GetStringAsync($"/api/v1/machines/{Uri.EscapeDataString(serial)}"))!;

    public static async Task<string> DetailOf(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!;
    }

    public async ValueTask DisposeAsync()
    {
        Boot.Dispose();
        Api.Dispose();
        ApiWithoutToken.Dispose();
        await _boot.DisposeAsync();
        await _api.DisposeAsync();
        await Webhooks.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    // Trusts the CA that the server made, and nothing else.
    internal static HttpClient ApiClient(ApiKeys keys, string url, bool isNameChecked = true)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(keys.CaFile!));
        var options = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = trust,
            RemoteCertificateValidationCallback = isNameChecked ? null : (_, _, _, errors) => errors is SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateNameMismatch,
        };
        return new HttpClient(new SocketsHttpHandler { SslOptions = options, EnableMultipleHttp2Connections = true }) { BaseAddress = new Uri(url) };
    }

    private static void WriteImages(string images)
    {
        Directory.CreateDirectory(Path.Combine(images, "discovery"));
        Directory.CreateDirectory(Path.Combine(images, "os"));
        File.WriteAllText(Path.Combine(images, "discovery", "vmlinuz"), "kernel");
        File.WriteAllText(Path.Combine(images, "discovery", "initrd.cpio.gz"), "initrd");
        File.WriteAllText(Path.Combine(images, "os", "vmlinuz"), "os kernel");
        File.WriteAllText(Path.Combine(images, "os", "initrd.cpio.gz"), "os initrd");
        File.WriteAllText(Path.Combine(images, "os", "install_image.bin.gz"), DiskImage);
        var sum = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(DiskImage)));
        File.WriteAllText(Path.Combine(images, "os", "image.json"), $$$"""{"version":"1.0","disk":{"file":"install_image.bin.gz","size":1048576,"sha256":"{{{sum}}}"}}""");
    }
}

namespace Mayu.InfoPusher.Http;

/// <summary>The version this program was built as.</summary>
internal static class ProductVersion
{
    /// <summary>Three numbers, <c>0.1.0</c>.</summary>
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}

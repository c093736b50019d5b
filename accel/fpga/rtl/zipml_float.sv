// Float32 arithmetic of the float design, to the nearest, ties to even: what accel/fpga/reference.h asks of it.
// Subnormal numbers count as zero: whatever they are multiplied by vanishes in Q8.23.
package zipml_float;
    function automatic logic [31:0] int_to_float(input logic [31:0] value);
        logic sign;
        logic [31:0] magnitude, normal;
        logic [5:0] zeros;
        logic [24:0] mantissa;
        logic [8:0] exponent;
        begin
            sign = value[31];
            magnitude = sign ? -value : value;
            zeros = 32;
            for (int i = 0; i < 32; i = i + 1)
                if (magnitude[i])
                    zeros = 6'(31 - i);
            normal = magnitude << zeros;
            mantissa = {1'b0, normal[31:8]};
            if (normal[7] && (normal[8] || normal[6:0] != 0))
                mantissa = mantissa + 1;
            exponent = 9'd158 - {3'b0, zeros};
            if (mantissa[24])
                exponent = exponent + 1;
            int_to_float = magnitude == 0 ? 32'b0 : {sign, exponent[7:0], mantissa[22:0]};
        end
    endfunction

    // By a power of two. The largest numbers become infinite, the smallest zero.
    function automatic logic [31:0] scaled_float(input logic [31:0] value, input logic signed [9:0] by);
        logic signed [10:0] exponent;
        begin
            exponent = 11'($signed({3'b0, value[30:23]})) + 11'(by);
            if (value[30:23] == 8'hff)
                scaled_float = value;
            else if (value[30:23] == 0 || exponent <= 0)
                scaled_float = {value[31], 31'b0};
            else if (exponent >= 255)
                scaled_float = {value[31], 8'hff, 23'b0};
            else
                scaled_float = {value[31], exponent[7:0], value[22:0]};
        end
    endfunction

    function automatic logic [31:0] float_product(input logic [31:0] a, input logic [31:0] b);
        logic sign, high, special;
        logic [47:0] product;
        logic [24:0] mantissa;
        logic half, rest;
        logic signed [10:0] exponent;
        begin
            sign = a[31] ^ b[31];
            product = {1'b1, a[22:0]} * {1'b1, b[22:0]};
            high = product[47];
            mantissa = {1'b0, high ? product[47:24] : product[46:23]};
            half = high ? product[23] : product[22];
            rest = high ? product[22:0] != 0 : product[21:0] != 0;
            if (half && (mantissa[0] || rest))
                mantissa = mantissa + 1;
            exponent = 11'($signed({3'b0, a[30:23]})) + 11'($signed({3'b0, b[30:23]})) - 127 +
                       (high ? 1 : 0) + (mantissa[24] ? 1 : 0);
            special = a[30:23] == 8'hff || b[30:23] == 8'hff;
            if (special && (a[30:23] == 0 || b[30:23] == 0 || (a[30:23] == 8'hff && a[22:0] != 0) ||
                            (b[30:23] == 8'hff && b[22:0] != 0)))
                float_product = 32'h7fc00000;
            else if (special || exponent >= 255)
                float_product = {sign, 8'hff, 23'b0};
            else if (a[30:23] == 0 || b[30:23] == 0 || exponent <= 0)
                float_product = {sign, 31'b0};
            else
                float_product = {sign, exponent[7:0], mantissa[24] ? mantissa[23:1] : mantissa[22:0]};
        end
    endfunction

    // Of finite numbers.
    function automatic logic [31:0] float_difference(input logic [31:0] a, input logic [31:0] b);
        logic [31:0] farther, nearer;
        logic [7:0] distance;
        logic [50:0] first, second, aligned, sum;
        logic lost, same;
        logic [5:0] zeros;
        logic [24:0] mantissa;
        logic signed [10:0] exponent;
        begin
            farther = a;
            nearer = {~b[31], b[30:0]};
            if (nearer[30:0] > farther[30:0]) begin
                farther = nearer;
                nearer = a;
            end
            same = farther[31] == nearer[31];
            distance = farther[30:23] - nearer[30:23];
            first = {2'b01, farther[22:0], 26'b0};
            second = nearer[30:23] == 0 ? 51'b0 : {2'b01, nearer[22:0], 26'b0};
            aligned = distance > 50 ? 51'b0 : second >> distance;
            lost = second != 0 && (distance > 50 || (aligned << distance) != second);
            // What is lost below the last place makes a difference a little smaller; that something was is kept in it.
            sum = same ? first + aligned : first - aligned - {50'b0, lost};
            if (lost)
                sum[0] = 1'b1;
            zeros = 51;
            for (int i = 0; i < 51; i = i + 1)
                if (sum[i])
                    zeros = 6'(50 - i);
            sum = sum << zeros;
            mantissa = {1'b0, sum[50:27]};
            if (sum[26] && (sum[27] || sum[25:0] != 0))
                mantissa = mantissa + 1;
            exponent = 11'($signed({3'b0, farther[30:23]})) + 1 - 11'($signed({5'b0, zeros})) + (mantissa[24] ? 1 : 0);
            if (farther[30:23] == 0 || sum == 0)
                float_difference = 32'b0;
            else if (exponent >= 255)
                float_difference = {farther[31], 8'hff, 23'b0};
            else if (exponent <= 0)
                float_difference = {farther[31], 31'b0};
            else
                float_difference = {farther[31], exponent[7:0], mantissa[24] ? mantissa[23:1] : mantissa[22:0]};
        end
    endfunction

    // Q8.23, cut toward zero; saturated; what is no number counts 0.
    function automatic logic [31:0] cut_to_fixed(input logic [31:0] value);
        logic signed [9:0] exponent;
        logic [31:0] magnitude;
        begin
            exponent = 10'($signed({2'b0, value[30:23]})) - 127;
            magnitude = 0;
            if (exponent >= 0 && exponent < 8)
                magnitude = {8'b0, 1'b1, value[22:0]} << exponent[2:0];
            else if (exponent < 0 && exponent > -24)
                magnitude = {8'b0, 1'b1, value[22:0]} >> 5'(-exponent);
            if (value[30:23] == 8'hff && value[22:0] != 0)
                cut_to_fixed = 0;
            else if (exponent >= 8)
                cut_to_fixed = value[31] ? 32'h80000000 : 32'h7fffffff;
            else
                cut_to_fixed = value[31] ? -magnitude : magnitude;
        end
    endfunction
endpackage

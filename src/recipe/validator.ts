// Generated from recipes/recipe.schema.json by `npm run generate`.
// @ts-nocheck
"use strict";
export const validate = validate0;
const schema0 = {"type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"type":"string","pattern":"^([a-z][a-z0-9-]{0,29}[a-z0-9])$"},"description":{"type":"string","pattern":"^([^\\s\\p{Cc}\\p{Cf}]([^\\p{Cc}\\p{Cf}\\u2028\\u2029]{0,118}[^\\s\\p{Cc}\\p{Cf}])?)$"},"version":{"type":"string","pattern":"^([0-9][0-9A-Za-z.+~]{0,29})$"},"extends":{"type":"string","pattern":"^((?!/)[^\\u0000-\\u001f\\u007f\\\\]{1,200})$"},"suite":{"type":"string","pattern":"^([a-z0-9]([A-Za-z0-9./-]{0,60}[A-Za-z0-9])?)$"},"architecture":{"type":"string","enum":["amd64"]},"components":{"type":"array","maxItems":10,"items":{"type":"string","pattern":"^([a-z0-9][a-z0-9/-]{0,40})$"}},"firmware":{"type":"boolean"},"mirrors":{"type":"object","additionalProperties":false,"properties":{"build":{"type":"string","pattern":"^(auto|https?://[A-Za-z0-9._~:/?@+,=%\\[\\]-]+)$"},"image":{"type":"string","pattern":"^(https?://[A-Za-z0-9._~:/?@+,=%\\[\\]-]+)$"},"security":{"type":"string","pattern":"^(https?://[A-Za-z0-9._~:/?@+,=%\\[\\]-]+)$"}}},"archive":{"type":"object","additionalProperties":false,"dependencies":{"url":["keyring"],"keyring":["url"],"suite":["url","keyring"]},"properties":{"url":{"type":"string","pattern":"^(https?://[A-Za-z0-9._~:/?@+,=%\\[\\]-]+)$"},"keyring":{"type":"string","pattern":"^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"},"suite":{"type":"string","pattern":"^([a-z0-9]([A-Za-z0-9./-]{0,60}[A-Za-z0-9])?)$"},"check-valid-until":{"type":"boolean"}}},"repositories":{"type":"array","maxItems":20,"items":{"type":"object","additionalProperties":false,"required":["name","url","key"],"properties":{"name":{"type":"string","pattern":"^([a-z0-9]([a-z0-9-]{0,29}[a-z0-9])?)$"},"url":{"type":"string","pattern":"^(https?://[A-Za-z0-9._~:/?@+,=%\\[\\]-]+)$"},"suite":{"type":"string","pattern":"^([a-z0-9]([A-Za-z0-9./-]{0,60}[A-Za-z0-9])?)$"},"components":{"type":"array","maxItems":10,"items":{"type":"string","pattern":"^([a-z0-9][a-z0-9/-]{0,40})$"}},"key":{"type":"string","pattern":"^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"}}}},"layers":{"type":"array","maxItems":80,"items":{"type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"type":"string","pattern":"^([a-z0-9]([a-z0-9-]{0,29}[a-z0-9])?)$"},"pre-hooks":{"type":"array","maxItems":100,"items":{"type":"string","pattern":"^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"}},"tasks":{"type":"array","maxItems":50,"items":{"type":"string","pattern":"^(task-[a-z0-9][a-z0-9-]*[a-z0-9])$"}},"packages":{"type":"array","maxItems":2000,"items":{"type":"string","pattern":"^([a-z0-9][a-z0-9.+-]*[a-z0-9+](=[0-9][A-Za-z0-9.+:~-]*|/[a-z0-9-]+)?)$"}},"files":{"type":"string","pattern":"^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"},"hooks":{"type":"array","maxItems":100,"items":{"type":"string","pattern":"^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"}},"network":{"type":"boolean"},"budget":{"type":["string","integer"],"pattern":"^([1-9][0-9]{0,14}[KMG]?)$"}}}},"user":{"type":"object","additionalProperties":false,"properties":{"name":{"type":"string","pattern":"^([a-z_][a-z0-9_-]{0,30})$"},"fullname":{"type":"string","pattern":"^([^:,=\"\\\\\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]{0,80})$"},"password":{"type":"string","pattern":"^([ -~]{1,128})$"},"password-hash":{"type":"string","pattern":"^(\\$(y|gy|7|2b|6|5)\\$[A-Za-z0-9./$=,]{20,200})$"},"sudo":{"type":"boolean"},"groups":{"type":"array","maxItems":50,"items":{"type":"string","pattern":"^([a-z_][a-z0-9_-]{0,30})$"}}}},"root":{"type":"object","additionalProperties":false,"properties":{"locked":{"type":"boolean"},"password":{"type":"string","pattern":"^([ -~]{1,128})$"},"password-hash":{"type":"string","pattern":"^(\\$(y|gy|7|2b|6|5)\\$[A-Za-z0-9./$=,]{20,200})$"}}},"hostname":{"type":"string","pattern":"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)$"},"locale":{"type":"string","pattern":"^(C\\.UTF-8|[a-z]{2,3}_[A-Z]{2}\\.UTF-8)$"},"keyboard":{"type":"object","additionalProperties":false,"properties":{"model":{"type":"string","pattern":"^([A-Za-z0-9_:,-]{0,80})$"},"layout":{"type":"string","pattern":"^([a-z]{2,12}(,[a-z]{2,12}){0,3})$"},"variant":{"type":"string","pattern":"^([A-Za-z0-9_:,-]{0,80})$"},"options":{"type":"string","pattern":"^([A-Za-z0-9_:,-]{0,80})$"}}},"timezone":{"type":"string","pattern":"^([A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2})$"},"kernel":{"type":"object","additionalProperties":false,"properties":{"package":{"type":"string","pattern":"^(linux-image-[a-z0-9][a-z0-9.+-]*[a-z0-9+])$"},"arguments":{"type":"array","maxItems":50,"items":{"type":"string","pattern":"^([A-Za-z0-9_][A-Za-z0-9_.,:/=+@%!~*-]{0,199})$"}}}},"console":{"type":"object","additionalProperties":false,"properties":{"serial":{"type":"string","pattern":"^(none|tty[A-Z]{1,3}[0-9]{1,2}(,[0-9]{3,7}([noe][78])?)?)$"}}},"save-command":{"type":"boolean"},"squashfs":{"type":"object","additionalProperties":false,"properties":{"modules":{"type":"string","enum":["layers","single"]},"compression":{"type":"string","enum":["zstd","xz","gzip","lz4","lzo"]},"level":{"type":"integer","minimum":1,"maximum":22},"block":{"type":["string","integer"],"pattern":"^((4|8|16|32|64|128|256|512)K|1M)$"},"dictionary":{"type":["string","integer"],"pattern":"^((8|12|16|24|32|48|64|96|128|192|256|384|512|768)K|1M)$"}}},"budget":{"type":"object","additionalProperties":false,"properties":{"iso":{"type":["string","integer"],"pattern":"^([1-9][0-9]{0,14}[KMG]?)$"},"root":{"type":["string","integer"],"pattern":"^([1-9][0-9]{0,14}[KMG]?)$"}}},"menu":{"type":"object","additionalProperties":false,"properties":{"theme":{"type":"string","pattern":"^([a-z][a-z0-9-]{0,29}|(?!/)(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]*/[^\\u0000-\\u001f\\u007f\\\\]*)$"},"timeout":{"type":"integer","minimum":0,"maximum":3600},"title":{"type":"string","pattern":"^([!-~]([ -~]{0,58}[!-~])?)$"},"offer":{"type":"array","maxItems":20,"items":{"type":"string","enum":["live","failsafe","toram","persistence","serial","languages","installer","memtest","firmware-settings","local-disk","media-check"]}},"languages":{"type":"array","maxItems":40,"items":{"type":"object","additionalProperties":false,"required":["title","locale","layout"],"properties":{"title":{"type":"string","pattern":"^([!-~]([ -~]{0,58}[!-~])?)$"},"locale":{"type":"string","pattern":"^(C\\.UTF-8|[a-z]{2,3}_[A-Z]{2}\\.UTF-8)$"},"layout":{"type":"string","pattern":"^([a-z]{2,12}(,[a-z]{2,12}){0,3})$"}}}},"entries":{"type":"array","maxItems":20,"items":{"type":"object","additionalProperties":false,"required":["name","title"],"properties":{"name":{"type":"string","pattern":"^([a-z0-9]([a-z0-9-]{0,29}[a-z0-9])?)$"},"title":{"type":"string","pattern":"^([!-~]([ -~]{0,58}[!-~])?)$"},"arguments":{"type":"array","maxItems":50,"items":{"type":"string","pattern":"^([A-Za-z0-9_][A-Za-z0-9_.,:/=+@%!~*-]{0,199})$"}}}}}}},"installer":{"type":"object","additionalProperties":false,"properties":{"kind":{"type":"string","enum":["none","debian-installer"]},"graphical":{"type":"boolean"},"text":{"type":"boolean"},"speech":{"type":"boolean"},"preseed":{"type":"string","pattern":"^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"},"source":{"type":"string","enum":["package","mirror"]}}},"media":{"type":"array","minItems":1,"maxItems":10,"items":{"type":"object","additionalProperties":false,"required":["kind"],"properties":{"kind":{"type":"string","enum":["iso","netboot"]}}}},"volume":{"type":"string","pattern":"^([A-Z0-9_]{1,32})$"},"medium-hooks":{"type":"array","maxItems":100,"items":{"type":"string","pattern":"^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"}},"checks":{"type":"array","maxItems":100,"items":{"type":"string","pattern":"^([!-~][ -~]{0,999})$"}}}};
const func0 = Object.prototype.hasOwnProperty;
const pattern0 = new RegExp("^([a-z][a-z0-9-]{0,29}[a-z0-9])$", "u");
const pattern1 = new RegExp("^([^\\s\\p{Cc}\\p{Cf}]([^\\p{Cc}\\p{Cf}\\u2028\\u2029]{0,118}[^\\s\\p{Cc}\\p{Cf}])?)$", "u");
const pattern2 = new RegExp("^([0-9][0-9A-Za-z.+~]{0,29})$", "u");
const pattern3 = new RegExp("^((?!/)[^\\u0000-\\u001f\\u007f\\\\]{1,200})$", "u");
const pattern4 = new RegExp("^([a-z0-9]([A-Za-z0-9./-]{0,60}[A-Za-z0-9])?)$", "u");
const pattern5 = new RegExp("^([a-z0-9][a-z0-9/-]{0,40})$", "u");
const pattern6 = new RegExp("^(auto|https?://[A-Za-z0-9._~:/?@+,=%\\[\\]-]+)$", "u");
const pattern7 = new RegExp("^(https?://[A-Za-z0-9._~:/?@+,=%\\[\\]-]+)$", "u");
const pattern10 = new RegExp("^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$", "u");
const pattern12 = new RegExp("^([a-z0-9]([a-z0-9-]{0,29}[a-z0-9])?)$", "u");
const pattern19 = new RegExp("^(task-[a-z0-9][a-z0-9-]*[a-z0-9])$", "u");
const pattern20 = new RegExp("^([a-z0-9][a-z0-9.+-]*[a-z0-9+](=[0-9][A-Za-z0-9.+:~-]*|/[a-z0-9-]+)?)$", "u");
const pattern23 = new RegExp("^([1-9][0-9]{0,14}[KMG]?)$", "u");
const pattern24 = new RegExp("^([a-z_][a-z0-9_-]{0,30})$", "u");
const pattern25 = new RegExp("^([^:,=\"\\\\\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]{0,80})$", "u");
const pattern26 = new RegExp("^([ -~]{1,128})$", "u");
const pattern27 = new RegExp("^(\\$(y|gy|7|2b|6|5)\\$[A-Za-z0-9./$=,]{20,200})$", "u");
const pattern31 = new RegExp("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)$", "u");
const pattern32 = new RegExp("^(C\\.UTF-8|[a-z]{2,3}_[A-Z]{2}\\.UTF-8)$", "u");
const pattern33 = new RegExp("^([A-Za-z0-9_:,-]{0,80})$", "u");
const pattern34 = new RegExp("^([a-z]{2,12}(,[a-z]{2,12}){0,3})$", "u");
const pattern37 = new RegExp("^([A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2})$", "u");
const pattern38 = new RegExp("^(linux-image-[a-z0-9][a-z0-9.+-]*[a-z0-9+])$", "u");
const pattern39 = new RegExp("^([A-Za-z0-9_][A-Za-z0-9_.,:/=+@%!~*-]{0,199})$", "u");
const pattern40 = new RegExp("^(none|tty[A-Z]{1,3}[0-9]{1,2}(,[0-9]{3,7}([noe][78])?)?)$", "u");
const pattern41 = new RegExp("^((4|8|16|32|64|128|256|512)K|1M)$", "u");
const pattern42 = new RegExp("^((8|12|16|24|32|48|64|96|128|192|256|384|512|768)K|1M)$", "u");
const pattern45 = new RegExp("^([a-z][a-z0-9-]{0,29}|(?!/)(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]*/[^\\u0000-\\u001f\\u007f\\\\]*)$", "u");
const pattern46 = new RegExp("^([!-~]([ -~]{0,58}[!-~])?)$", "u");
const pattern54 = new RegExp("^([A-Z0-9_]{1,32})$", "u");
const pattern56 = new RegExp("^([!-~][ -~]{0,999})$", "u");

function validate0(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(func0.call(schema0.properties, key0))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err2 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "^([a-z][a-z0-9-]{0,29}[a-z0-9])$"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.description !== undefined){
let data1 = data.description;
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
const err4 = {instancePath:instancePath+"/description",schemaPath:"#/properties/description/pattern",keyword:"pattern",params:{pattern: "^([^\\s\\p{Cc}\\p{Cf}]([^\\p{Cc}\\p{Cf}\\u2028\\u2029]{0,118}[^\\s\\p{Cc}\\p{Cf}])?)$"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.version !== undefined){
let data2 = data.version;
if(typeof data2 === "string"){
if(!pattern2.test(data2)){
const err6 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/pattern",keyword:"pattern",params:{pattern: "^([0-9][0-9A-Za-z.+~]{0,29})$"}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.extends !== undefined){
let data3 = data.extends;
if(typeof data3 === "string"){
if(!pattern3.test(data3)){
const err8 = {instancePath:instancePath+"/extends",schemaPath:"#/properties/extends/pattern",keyword:"pattern",params:{pattern: "^((?!/)[^\\u0000-\\u001f\\u007f\\\\]{1,200})$"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/extends",schemaPath:"#/properties/extends/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.suite !== undefined){
let data4 = data.suite;
if(typeof data4 === "string"){
if(!pattern4.test(data4)){
const err10 = {instancePath:instancePath+"/suite",schemaPath:"#/properties/suite/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9]([A-Za-z0-9./-]{0,60}[A-Za-z0-9])?)$"}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/suite",schemaPath:"#/properties/suite/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.architecture !== undefined){
let data5 = data.architecture;
if(typeof data5 !== "string"){
const err12 = {instancePath:instancePath+"/architecture",schemaPath:"#/properties/architecture/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(!(data5 === "amd64")){
const err13 = {instancePath:instancePath+"/architecture",schemaPath:"#/properties/architecture/enum",keyword:"enum",params:{allowedValues: schema0.properties.architecture.enum}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.components !== undefined){
let data6 = data.components;
if(Array.isArray(data6)){
if(data6.length > 10){
const err14 = {instancePath:instancePath+"/components",schemaPath:"#/properties/components/maxItems",keyword:"maxItems",params:{limit: 10}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
if(typeof data7 === "string"){
if(!pattern5.test(data7)){
const err15 = {instancePath:instancePath+"/components/" + i0,schemaPath:"#/properties/components/items/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9][a-z0-9/-]{0,40})$"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
else {
const err16 = {instancePath:instancePath+"/components/" + i0,schemaPath:"#/properties/components/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath:instancePath+"/components",schemaPath:"#/properties/components/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.firmware !== undefined){
if(typeof data.firmware !== "boolean"){
const err18 = {instancePath:instancePath+"/firmware",schemaPath:"#/properties/firmware/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.mirrors !== undefined){
let data9 = data.mirrors;
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
for(const key1 in data9){
if(!(((key1 === "build") || (key1 === "image")) || (key1 === "security"))){
const err19 = {instancePath:instancePath+"/mirrors",schemaPath:"#/properties/mirrors/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data9.build !== undefined){
let data10 = data9.build;
if(typeof data10 === "string"){
if(!pattern6.test(data10)){
const err20 = {instancePath:instancePath+"/mirrors/build",schemaPath:"#/properties/mirrors/properties/build/pattern",keyword:"pattern",params:{pattern: "^(auto|https?://[A-Za-z0-9._~:/?@+,=%\\[\\]-]+)$"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/mirrors/build",schemaPath:"#/properties/mirrors/properties/build/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data9.image !== undefined){
let data11 = data9.image;
if(typeof data11 === "string"){
if(!pattern7.test(data11)){
const err22 = {instancePath:instancePath+"/mirrors/image",schemaPath:"#/properties/mirrors/properties/image/pattern",keyword:"pattern",params:{pattern: "^(https?://[A-Za-z0-9._~:/?@+,=%\\[\\]-]+)$"}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
else {
const err23 = {instancePath:instancePath+"/mirrors/image",schemaPath:"#/properties/mirrors/properties/image/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data9.security !== undefined){
let data12 = data9.security;
if(typeof data12 === "string"){
if(!pattern7.test(data12)){
const err24 = {instancePath:instancePath+"/mirrors/security",schemaPath:"#/properties/mirrors/properties/security/pattern",keyword:"pattern",params:{pattern: "^(https?://[A-Za-z0-9._~:/?@+,=%\\[\\]-]+)$"}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
else {
const err25 = {instancePath:instancePath+"/mirrors/security",schemaPath:"#/properties/mirrors/properties/security/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
}
else {
const err26 = {instancePath:instancePath+"/mirrors",schemaPath:"#/properties/mirrors/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data.archive !== undefined){
let data13 = data.archive;
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
for(const key2 in data13){
if(!((((key2 === "url") || (key2 === "keyring")) || (key2 === "suite")) || (key2 === "check-valid-until"))){
const err27 = {instancePath:instancePath+"/archive",schemaPath:"#/properties/archive/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data13.url !== undefined){
if(data13.keyring === undefined){
const err28 = {instancePath:instancePath+"/archive",schemaPath:"#/properties/archive/dependencies",keyword:"dependencies",params:{property: "url",
    missingProperty: "keyring",
    depsCount: 1,
    deps: "keyring"}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data13.keyring !== undefined){
if(data13.url === undefined){
const err29 = {instancePath:instancePath+"/archive",schemaPath:"#/properties/archive/dependencies",keyword:"dependencies",params:{property: "keyring",
    missingProperty: "url",
    depsCount: 1,
    deps: "url"}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data13.suite !== undefined){
if(data13.url === undefined){
const err30 = {instancePath:instancePath+"/archive",schemaPath:"#/properties/archive/dependencies",keyword:"dependencies",params:{property: "suite",
    missingProperty: "url",
    depsCount: 2,
    deps: "url, keyring"}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(data13.keyring === undefined){
const err31 = {instancePath:instancePath+"/archive",schemaPath:"#/properties/archive/dependencies",keyword:"dependencies",params:{property: "suite",
    missingProperty: "keyring",
    depsCount: 2,
    deps: "url, keyring"}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data13.url !== undefined){
let data14 = data13.url;
if(typeof data14 === "string"){
if(!pattern7.test(data14)){
const err32 = {instancePath:instancePath+"/archive/url",schemaPath:"#/properties/archive/properties/url/pattern",keyword:"pattern",params:{pattern: "^(https?://[A-Za-z0-9._~:/?@+,=%\\[\\]-]+)$"}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
else {
const err33 = {instancePath:instancePath+"/archive/url",schemaPath:"#/properties/archive/properties/url/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data13.keyring !== undefined){
let data15 = data13.keyring;
if(typeof data15 === "string"){
if(!pattern10.test(data15)){
const err34 = {instancePath:instancePath+"/archive/keyring",schemaPath:"#/properties/archive/properties/keyring/pattern",keyword:"pattern",params:{pattern: "^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
else {
const err35 = {instancePath:instancePath+"/archive/keyring",schemaPath:"#/properties/archive/properties/keyring/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data13.suite !== undefined){
let data16 = data13.suite;
if(typeof data16 === "string"){
if(!pattern4.test(data16)){
const err36 = {instancePath:instancePath+"/archive/suite",schemaPath:"#/properties/archive/properties/suite/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9]([A-Za-z0-9./-]{0,60}[A-Za-z0-9])?)$"}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
else {
const err37 = {instancePath:instancePath+"/archive/suite",schemaPath:"#/properties/archive/properties/suite/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(data13["check-valid-until"] !== undefined){
if(typeof data13["check-valid-until"] !== "boolean"){
const err38 = {instancePath:instancePath+"/archive/check-valid-until",schemaPath:"#/properties/archive/properties/check-valid-until/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
}
else {
const err39 = {instancePath:instancePath+"/archive",schemaPath:"#/properties/archive/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
if(data.repositories !== undefined){
let data18 = data.repositories;
if(Array.isArray(data18)){
if(data18.length > 20){
const err40 = {instancePath:instancePath+"/repositories",schemaPath:"#/properties/repositories/maxItems",keyword:"maxItems",params:{limit: 20}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
const len1 = data18.length;
for(let i1=0; i1<len1; i1++){
let data19 = data18[i1];
if(data19 && typeof data19 == "object" && !Array.isArray(data19)){
if(data19.name === undefined){
const err41 = {instancePath:instancePath+"/repositories/" + i1,schemaPath:"#/properties/repositories/items/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(data19.url === undefined){
const err42 = {instancePath:instancePath+"/repositories/" + i1,schemaPath:"#/properties/repositories/items/required",keyword:"required",params:{missingProperty: "url"}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(data19.key === undefined){
const err43 = {instancePath:instancePath+"/repositories/" + i1,schemaPath:"#/properties/repositories/items/required",keyword:"required",params:{missingProperty: "key"}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
for(const key3 in data19){
if(!(((((key3 === "name") || (key3 === "url")) || (key3 === "suite")) || (key3 === "components")) || (key3 === "key"))){
const err44 = {instancePath:instancePath+"/repositories/" + i1,schemaPath:"#/properties/repositories/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data19.name !== undefined){
let data20 = data19.name;
if(typeof data20 === "string"){
if(!pattern12.test(data20)){
const err45 = {instancePath:instancePath+"/repositories/" + i1+"/name",schemaPath:"#/properties/repositories/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9]([a-z0-9-]{0,29}[a-z0-9])?)$"}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
else {
const err46 = {instancePath:instancePath+"/repositories/" + i1+"/name",schemaPath:"#/properties/repositories/items/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data19.url !== undefined){
let data21 = data19.url;
if(typeof data21 === "string"){
if(!pattern7.test(data21)){
const err47 = {instancePath:instancePath+"/repositories/" + i1+"/url",schemaPath:"#/properties/repositories/items/properties/url/pattern",keyword:"pattern",params:{pattern: "^(https?://[A-Za-z0-9._~:/?@+,=%\\[\\]-]+)$"}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
else {
const err48 = {instancePath:instancePath+"/repositories/" + i1+"/url",schemaPath:"#/properties/repositories/items/properties/url/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data19.suite !== undefined){
let data22 = data19.suite;
if(typeof data22 === "string"){
if(!pattern4.test(data22)){
const err49 = {instancePath:instancePath+"/repositories/" + i1+"/suite",schemaPath:"#/properties/repositories/items/properties/suite/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9]([A-Za-z0-9./-]{0,60}[A-Za-z0-9])?)$"}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
else {
const err50 = {instancePath:instancePath+"/repositories/" + i1+"/suite",schemaPath:"#/properties/repositories/items/properties/suite/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data19.components !== undefined){
let data23 = data19.components;
if(Array.isArray(data23)){
if(data23.length > 10){
const err51 = {instancePath:instancePath+"/repositories/" + i1+"/components",schemaPath:"#/properties/repositories/items/properties/components/maxItems",keyword:"maxItems",params:{limit: 10}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
const len2 = data23.length;
for(let i2=0; i2<len2; i2++){
let data24 = data23[i2];
if(typeof data24 === "string"){
if(!pattern5.test(data24)){
const err52 = {instancePath:instancePath+"/repositories/" + i1+"/components/" + i2,schemaPath:"#/properties/repositories/items/properties/components/items/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9][a-z0-9/-]{0,40})$"}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
else {
const err53 = {instancePath:instancePath+"/repositories/" + i1+"/components/" + i2,schemaPath:"#/properties/repositories/items/properties/components/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
}
else {
const err54 = {instancePath:instancePath+"/repositories/" + i1+"/components",schemaPath:"#/properties/repositories/items/properties/components/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data19.key !== undefined){
let data25 = data19.key;
if(typeof data25 === "string"){
if(!pattern10.test(data25)){
const err55 = {instancePath:instancePath+"/repositories/" + i1+"/key",schemaPath:"#/properties/repositories/items/properties/key/pattern",keyword:"pattern",params:{pattern: "^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
else {
const err56 = {instancePath:instancePath+"/repositories/" + i1+"/key",schemaPath:"#/properties/repositories/items/properties/key/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
}
else {
const err57 = {instancePath:instancePath+"/repositories/" + i1,schemaPath:"#/properties/repositories/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
}
else {
const err58 = {instancePath:instancePath+"/repositories",schemaPath:"#/properties/repositories/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
if(data.layers !== undefined){
let data26 = data.layers;
if(Array.isArray(data26)){
if(data26.length > 80){
const err59 = {instancePath:instancePath+"/layers",schemaPath:"#/properties/layers/maxItems",keyword:"maxItems",params:{limit: 80}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
const len3 = data26.length;
for(let i3=0; i3<len3; i3++){
let data27 = data26[i3];
if(data27 && typeof data27 == "object" && !Array.isArray(data27)){
if(data27.name === undefined){
const err60 = {instancePath:instancePath+"/layers/" + i3,schemaPath:"#/properties/layers/items/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
for(const key4 in data27){
if(!((((((((key4 === "name") || (key4 === "pre-hooks")) || (key4 === "tasks")) || (key4 === "packages")) || (key4 === "files")) || (key4 === "hooks")) || (key4 === "network")) || (key4 === "budget"))){
const err61 = {instancePath:instancePath+"/layers/" + i3,schemaPath:"#/properties/layers/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
if(data27.name !== undefined){
let data28 = data27.name;
if(typeof data28 === "string"){
if(!pattern12.test(data28)){
const err62 = {instancePath:instancePath+"/layers/" + i3+"/name",schemaPath:"#/properties/layers/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9]([a-z0-9-]{0,29}[a-z0-9])?)$"}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
else {
const err63 = {instancePath:instancePath+"/layers/" + i3+"/name",schemaPath:"#/properties/layers/items/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
if(data27["pre-hooks"] !== undefined){
let data29 = data27["pre-hooks"];
if(Array.isArray(data29)){
if(data29.length > 100){
const err64 = {instancePath:instancePath+"/layers/" + i3+"/pre-hooks",schemaPath:"#/properties/layers/items/properties/pre-hooks/maxItems",keyword:"maxItems",params:{limit: 100}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
const len4 = data29.length;
for(let i4=0; i4<len4; i4++){
let data30 = data29[i4];
if(typeof data30 === "string"){
if(!pattern10.test(data30)){
const err65 = {instancePath:instancePath+"/layers/" + i3+"/pre-hooks/" + i4,schemaPath:"#/properties/layers/items/properties/pre-hooks/items/pattern",keyword:"pattern",params:{pattern: "^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
else {
const err66 = {instancePath:instancePath+"/layers/" + i3+"/pre-hooks/" + i4,schemaPath:"#/properties/layers/items/properties/pre-hooks/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
}
else {
const err67 = {instancePath:instancePath+"/layers/" + i3+"/pre-hooks",schemaPath:"#/properties/layers/items/properties/pre-hooks/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
if(data27.tasks !== undefined){
let data31 = data27.tasks;
if(Array.isArray(data31)){
if(data31.length > 50){
const err68 = {instancePath:instancePath+"/layers/" + i3+"/tasks",schemaPath:"#/properties/layers/items/properties/tasks/maxItems",keyword:"maxItems",params:{limit: 50}};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
const len5 = data31.length;
for(let i5=0; i5<len5; i5++){
let data32 = data31[i5];
if(typeof data32 === "string"){
if(!pattern19.test(data32)){
const err69 = {instancePath:instancePath+"/layers/" + i3+"/tasks/" + i5,schemaPath:"#/properties/layers/items/properties/tasks/items/pattern",keyword:"pattern",params:{pattern: "^(task-[a-z0-9][a-z0-9-]*[a-z0-9])$"}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
else {
const err70 = {instancePath:instancePath+"/layers/" + i3+"/tasks/" + i5,schemaPath:"#/properties/layers/items/properties/tasks/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
}
else {
const err71 = {instancePath:instancePath+"/layers/" + i3+"/tasks",schemaPath:"#/properties/layers/items/properties/tasks/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
if(data27.packages !== undefined){
let data33 = data27.packages;
if(Array.isArray(data33)){
if(data33.length > 2000){
const err72 = {instancePath:instancePath+"/layers/" + i3+"/packages",schemaPath:"#/properties/layers/items/properties/packages/maxItems",keyword:"maxItems",params:{limit: 2000}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
const len6 = data33.length;
for(let i6=0; i6<len6; i6++){
let data34 = data33[i6];
if(typeof data34 === "string"){
if(!pattern20.test(data34)){
const err73 = {instancePath:instancePath+"/layers/" + i3+"/packages/" + i6,schemaPath:"#/properties/layers/items/properties/packages/items/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9][a-z0-9.+-]*[a-z0-9+](=[0-9][A-Za-z0-9.+:~-]*|/[a-z0-9-]+)?)$"}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
else {
const err74 = {instancePath:instancePath+"/layers/" + i3+"/packages/" + i6,schemaPath:"#/properties/layers/items/properties/packages/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
}
else {
const err75 = {instancePath:instancePath+"/layers/" + i3+"/packages",schemaPath:"#/properties/layers/items/properties/packages/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
if(data27.files !== undefined){
let data35 = data27.files;
if(typeof data35 === "string"){
if(!pattern10.test(data35)){
const err76 = {instancePath:instancePath+"/layers/" + i3+"/files",schemaPath:"#/properties/layers/items/properties/files/pattern",keyword:"pattern",params:{pattern: "^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
else {
const err77 = {instancePath:instancePath+"/layers/" + i3+"/files",schemaPath:"#/properties/layers/items/properties/files/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
if(data27.hooks !== undefined){
let data36 = data27.hooks;
if(Array.isArray(data36)){
if(data36.length > 100){
const err78 = {instancePath:instancePath+"/layers/" + i3+"/hooks",schemaPath:"#/properties/layers/items/properties/hooks/maxItems",keyword:"maxItems",params:{limit: 100}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
const len7 = data36.length;
for(let i7=0; i7<len7; i7++){
let data37 = data36[i7];
if(typeof data37 === "string"){
if(!pattern10.test(data37)){
const err79 = {instancePath:instancePath+"/layers/" + i3+"/hooks/" + i7,schemaPath:"#/properties/layers/items/properties/hooks/items/pattern",keyword:"pattern",params:{pattern: "^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
else {
const err80 = {instancePath:instancePath+"/layers/" + i3+"/hooks/" + i7,schemaPath:"#/properties/layers/items/properties/hooks/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
}
else {
const err81 = {instancePath:instancePath+"/layers/" + i3+"/hooks",schemaPath:"#/properties/layers/items/properties/hooks/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(data27.network !== undefined){
if(typeof data27.network !== "boolean"){
const err82 = {instancePath:instancePath+"/layers/" + i3+"/network",schemaPath:"#/properties/layers/items/properties/network/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
if(data27.budget !== undefined){
let data39 = data27.budget;
if((typeof data39 !== "string") && (!(((typeof data39 == "number") && (!(data39 % 1) && !isNaN(data39))) && (isFinite(data39))))){
const err83 = {instancePath:instancePath+"/layers/" + i3+"/budget",schemaPath:"#/properties/layers/items/properties/budget/type",keyword:"type",params:{type: schema0.properties.layers.items.properties.budget.type}};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
if(typeof data39 === "string"){
if(!pattern23.test(data39)){
const err84 = {instancePath:instancePath+"/layers/" + i3+"/budget",schemaPath:"#/properties/layers/items/properties/budget/pattern",keyword:"pattern",params:{pattern: "^([1-9][0-9]{0,14}[KMG]?)$"}};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
}
}
else {
const err85 = {instancePath:instancePath+"/layers/" + i3,schemaPath:"#/properties/layers/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
}
else {
const err86 = {instancePath:instancePath+"/layers",schemaPath:"#/properties/layers/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
if(data.user !== undefined){
let data40 = data.user;
if(data40 && typeof data40 == "object" && !Array.isArray(data40)){
for(const key5 in data40){
if(!((((((key5 === "name") || (key5 === "fullname")) || (key5 === "password")) || (key5 === "password-hash")) || (key5 === "sudo")) || (key5 === "groups"))){
const err87 = {instancePath:instancePath+"/user",schemaPath:"#/properties/user/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5}};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
if(data40.name !== undefined){
let data41 = data40.name;
if(typeof data41 === "string"){
if(!pattern24.test(data41)){
const err88 = {instancePath:instancePath+"/user/name",schemaPath:"#/properties/user/properties/name/pattern",keyword:"pattern",params:{pattern: "^([a-z_][a-z0-9_-]{0,30})$"}};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
else {
const err89 = {instancePath:instancePath+"/user/name",schemaPath:"#/properties/user/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
if(data40.fullname !== undefined){
let data42 = data40.fullname;
if(typeof data42 === "string"){
if(!pattern25.test(data42)){
const err90 = {instancePath:instancePath+"/user/fullname",schemaPath:"#/properties/user/properties/fullname/pattern",keyword:"pattern",params:{pattern: "^([^:,=\"\\\\\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]{0,80})$"}};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
else {
const err91 = {instancePath:instancePath+"/user/fullname",schemaPath:"#/properties/user/properties/fullname/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
if(data40.password !== undefined){
let data43 = data40.password;
if(typeof data43 === "string"){
if(!pattern26.test(data43)){
const err92 = {instancePath:instancePath+"/user/password",schemaPath:"#/properties/user/properties/password/pattern",keyword:"pattern",params:{pattern: "^([ -~]{1,128})$"}};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
else {
const err93 = {instancePath:instancePath+"/user/password",schemaPath:"#/properties/user/properties/password/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
if(data40["password-hash"] !== undefined){
let data44 = data40["password-hash"];
if(typeof data44 === "string"){
if(!pattern27.test(data44)){
const err94 = {instancePath:instancePath+"/user/password-hash",schemaPath:"#/properties/user/properties/password-hash/pattern",keyword:"pattern",params:{pattern: "^(\\$(y|gy|7|2b|6|5)\\$[A-Za-z0-9./$=,]{20,200})$"}};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
else {
const err95 = {instancePath:instancePath+"/user/password-hash",schemaPath:"#/properties/user/properties/password-hash/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
if(data40.sudo !== undefined){
if(typeof data40.sudo !== "boolean"){
const err96 = {instancePath:instancePath+"/user/sudo",schemaPath:"#/properties/user/properties/sudo/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
if(data40.groups !== undefined){
let data46 = data40.groups;
if(Array.isArray(data46)){
if(data46.length > 50){
const err97 = {instancePath:instancePath+"/user/groups",schemaPath:"#/properties/user/properties/groups/maxItems",keyword:"maxItems",params:{limit: 50}};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
const len8 = data46.length;
for(let i8=0; i8<len8; i8++){
let data47 = data46[i8];
if(typeof data47 === "string"){
if(!pattern24.test(data47)){
const err98 = {instancePath:instancePath+"/user/groups/" + i8,schemaPath:"#/properties/user/properties/groups/items/pattern",keyword:"pattern",params:{pattern: "^([a-z_][a-z0-9_-]{0,30})$"}};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
else {
const err99 = {instancePath:instancePath+"/user/groups/" + i8,schemaPath:"#/properties/user/properties/groups/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
}
else {
const err100 = {instancePath:instancePath+"/user/groups",schemaPath:"#/properties/user/properties/groups/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
}
else {
const err101 = {instancePath:instancePath+"/user",schemaPath:"#/properties/user/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data.root !== undefined){
let data48 = data.root;
if(data48 && typeof data48 == "object" && !Array.isArray(data48)){
for(const key6 in data48){
if(!(((key6 === "locked") || (key6 === "password")) || (key6 === "password-hash"))){
const err102 = {instancePath:instancePath+"/root",schemaPath:"#/properties/root/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6}};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
if(data48.locked !== undefined){
if(typeof data48.locked !== "boolean"){
const err103 = {instancePath:instancePath+"/root/locked",schemaPath:"#/properties/root/properties/locked/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
if(data48.password !== undefined){
let data50 = data48.password;
if(typeof data50 === "string"){
if(!pattern26.test(data50)){
const err104 = {instancePath:instancePath+"/root/password",schemaPath:"#/properties/root/properties/password/pattern",keyword:"pattern",params:{pattern: "^([ -~]{1,128})$"}};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
else {
const err105 = {instancePath:instancePath+"/root/password",schemaPath:"#/properties/root/properties/password/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
if(data48["password-hash"] !== undefined){
let data51 = data48["password-hash"];
if(typeof data51 === "string"){
if(!pattern27.test(data51)){
const err106 = {instancePath:instancePath+"/root/password-hash",schemaPath:"#/properties/root/properties/password-hash/pattern",keyword:"pattern",params:{pattern: "^(\\$(y|gy|7|2b|6|5)\\$[A-Za-z0-9./$=,]{20,200})$"}};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
else {
const err107 = {instancePath:instancePath+"/root/password-hash",schemaPath:"#/properties/root/properties/password-hash/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
}
else {
const err108 = {instancePath:instancePath+"/root",schemaPath:"#/properties/root/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
if(data.hostname !== undefined){
let data52 = data.hostname;
if(typeof data52 === "string"){
if(!pattern31.test(data52)){
const err109 = {instancePath:instancePath+"/hostname",schemaPath:"#/properties/hostname/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)$"}};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
else {
const err110 = {instancePath:instancePath+"/hostname",schemaPath:"#/properties/hostname/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
if(data.locale !== undefined){
let data53 = data.locale;
if(typeof data53 === "string"){
if(!pattern32.test(data53)){
const err111 = {instancePath:instancePath+"/locale",schemaPath:"#/properties/locale/pattern",keyword:"pattern",params:{pattern: "^(C\\.UTF-8|[a-z]{2,3}_[A-Z]{2}\\.UTF-8)$"}};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
else {
const err112 = {instancePath:instancePath+"/locale",schemaPath:"#/properties/locale/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
if(data.keyboard !== undefined){
let data54 = data.keyboard;
if(data54 && typeof data54 == "object" && !Array.isArray(data54)){
for(const key7 in data54){
if(!((((key7 === "model") || (key7 === "layout")) || (key7 === "variant")) || (key7 === "options"))){
const err113 = {instancePath:instancePath+"/keyboard",schemaPath:"#/properties/keyboard/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7}};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
if(data54.model !== undefined){
let data55 = data54.model;
if(typeof data55 === "string"){
if(!pattern33.test(data55)){
const err114 = {instancePath:instancePath+"/keyboard/model",schemaPath:"#/properties/keyboard/properties/model/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9_:,-]{0,80})$"}};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
else {
const err115 = {instancePath:instancePath+"/keyboard/model",schemaPath:"#/properties/keyboard/properties/model/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
}
if(data54.layout !== undefined){
let data56 = data54.layout;
if(typeof data56 === "string"){
if(!pattern34.test(data56)){
const err116 = {instancePath:instancePath+"/keyboard/layout",schemaPath:"#/properties/keyboard/properties/layout/pattern",keyword:"pattern",params:{pattern: "^([a-z]{2,12}(,[a-z]{2,12}){0,3})$"}};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
}
else {
const err117 = {instancePath:instancePath+"/keyboard/layout",schemaPath:"#/properties/keyboard/properties/layout/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
if(data54.variant !== undefined){
let data57 = data54.variant;
if(typeof data57 === "string"){
if(!pattern33.test(data57)){
const err118 = {instancePath:instancePath+"/keyboard/variant",schemaPath:"#/properties/keyboard/properties/variant/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9_:,-]{0,80})$"}};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
else {
const err119 = {instancePath:instancePath+"/keyboard/variant",schemaPath:"#/properties/keyboard/properties/variant/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
if(data54.options !== undefined){
let data58 = data54.options;
if(typeof data58 === "string"){
if(!pattern33.test(data58)){
const err120 = {instancePath:instancePath+"/keyboard/options",schemaPath:"#/properties/keyboard/properties/options/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9_:,-]{0,80})$"}};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
else {
const err121 = {instancePath:instancePath+"/keyboard/options",schemaPath:"#/properties/keyboard/properties/options/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
}
else {
const err122 = {instancePath:instancePath+"/keyboard",schemaPath:"#/properties/keyboard/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
if(data.timezone !== undefined){
let data59 = data.timezone;
if(typeof data59 === "string"){
if(!pattern37.test(data59)){
const err123 = {instancePath:instancePath+"/timezone",schemaPath:"#/properties/timezone/pattern",keyword:"pattern",params:{pattern: "^([A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2})$"}};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
else {
const err124 = {instancePath:instancePath+"/timezone",schemaPath:"#/properties/timezone/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
if(data.kernel !== undefined){
let data60 = data.kernel;
if(data60 && typeof data60 == "object" && !Array.isArray(data60)){
for(const key8 in data60){
if(!((key8 === "package") || (key8 === "arguments"))){
const err125 = {instancePath:instancePath+"/kernel",schemaPath:"#/properties/kernel/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8}};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
if(data60.package !== undefined){
let data61 = data60.package;
if(typeof data61 === "string"){
if(!pattern38.test(data61)){
const err126 = {instancePath:instancePath+"/kernel/package",schemaPath:"#/properties/kernel/properties/package/pattern",keyword:"pattern",params:{pattern: "^(linux-image-[a-z0-9][a-z0-9.+-]*[a-z0-9+])$"}};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
else {
const err127 = {instancePath:instancePath+"/kernel/package",schemaPath:"#/properties/kernel/properties/package/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
if(data60.arguments !== undefined){
let data62 = data60.arguments;
if(Array.isArray(data62)){
if(data62.length > 50){
const err128 = {instancePath:instancePath+"/kernel/arguments",schemaPath:"#/properties/kernel/properties/arguments/maxItems",keyword:"maxItems",params:{limit: 50}};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
const len9 = data62.length;
for(let i9=0; i9<len9; i9++){
let data63 = data62[i9];
if(typeof data63 === "string"){
if(!pattern39.test(data63)){
const err129 = {instancePath:instancePath+"/kernel/arguments/" + i9,schemaPath:"#/properties/kernel/properties/arguments/items/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9_][A-Za-z0-9_.,:/=+@%!~*-]{0,199})$"}};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
else {
const err130 = {instancePath:instancePath+"/kernel/arguments/" + i9,schemaPath:"#/properties/kernel/properties/arguments/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
}
}
else {
const err131 = {instancePath:instancePath+"/kernel/arguments",schemaPath:"#/properties/kernel/properties/arguments/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
}
else {
const err132 = {instancePath:instancePath+"/kernel",schemaPath:"#/properties/kernel/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
if(data.console !== undefined){
let data64 = data.console;
if(data64 && typeof data64 == "object" && !Array.isArray(data64)){
for(const key9 in data64){
if(!(key9 === "serial")){
const err133 = {instancePath:instancePath+"/console",schemaPath:"#/properties/console/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9}};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
if(data64.serial !== undefined){
let data65 = data64.serial;
if(typeof data65 === "string"){
if(!pattern40.test(data65)){
const err134 = {instancePath:instancePath+"/console/serial",schemaPath:"#/properties/console/properties/serial/pattern",keyword:"pattern",params:{pattern: "^(none|tty[A-Z]{1,3}[0-9]{1,2}(,[0-9]{3,7}([noe][78])?)?)$"}};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
else {
const err135 = {instancePath:instancePath+"/console/serial",schemaPath:"#/properties/console/properties/serial/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
}
else {
const err136 = {instancePath:instancePath+"/console",schemaPath:"#/properties/console/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
}
if(data["save-command"] !== undefined){
if(typeof data["save-command"] !== "boolean"){
const err137 = {instancePath:instancePath+"/save-command",schemaPath:"#/properties/save-command/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
if(data.squashfs !== undefined){
let data67 = data.squashfs;
if(data67 && typeof data67 == "object" && !Array.isArray(data67)){
for(const key10 in data67){
if(!(((((key10 === "modules") || (key10 === "compression")) || (key10 === "level")) || (key10 === "block")) || (key10 === "dictionary"))){
const err138 = {instancePath:instancePath+"/squashfs",schemaPath:"#/properties/squashfs/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10}};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
if(data67.modules !== undefined){
let data68 = data67.modules;
if(typeof data68 !== "string"){
const err139 = {instancePath:instancePath+"/squashfs/modules",schemaPath:"#/properties/squashfs/properties/modules/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
if(!((data68 === "layers") || (data68 === "single"))){
const err140 = {instancePath:instancePath+"/squashfs/modules",schemaPath:"#/properties/squashfs/properties/modules/enum",keyword:"enum",params:{allowedValues: schema0.properties.squashfs.properties.modules.enum}};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
if(data67.compression !== undefined){
let data69 = data67.compression;
if(typeof data69 !== "string"){
const err141 = {instancePath:instancePath+"/squashfs/compression",schemaPath:"#/properties/squashfs/properties/compression/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
if(!(((((data69 === "zstd") || (data69 === "xz")) || (data69 === "gzip")) || (data69 === "lz4")) || (data69 === "lzo"))){
const err142 = {instancePath:instancePath+"/squashfs/compression",schemaPath:"#/properties/squashfs/properties/compression/enum",keyword:"enum",params:{allowedValues: schema0.properties.squashfs.properties.compression.enum}};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
if(data67.level !== undefined){
let data70 = data67.level;
if(!(((typeof data70 == "number") && (!(data70 % 1) && !isNaN(data70))) && (isFinite(data70)))){
const err143 = {instancePath:instancePath+"/squashfs/level",schemaPath:"#/properties/squashfs/properties/level/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
if((typeof data70 == "number") && (isFinite(data70))){
if(data70 > 22 || isNaN(data70)){
const err144 = {instancePath:instancePath+"/squashfs/level",schemaPath:"#/properties/squashfs/properties/level/maximum",keyword:"maximum",params:{comparison: "<=", limit: 22}};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
if(data70 < 1 || isNaN(data70)){
const err145 = {instancePath:instancePath+"/squashfs/level",schemaPath:"#/properties/squashfs/properties/level/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
}
if(data67.block !== undefined){
let data71 = data67.block;
if((typeof data71 !== "string") && (!(((typeof data71 == "number") && (!(data71 % 1) && !isNaN(data71))) && (isFinite(data71))))){
const err146 = {instancePath:instancePath+"/squashfs/block",schemaPath:"#/properties/squashfs/properties/block/type",keyword:"type",params:{type: schema0.properties.squashfs.properties.block.type}};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
if(typeof data71 === "string"){
if(!pattern41.test(data71)){
const err147 = {instancePath:instancePath+"/squashfs/block",schemaPath:"#/properties/squashfs/properties/block/pattern",keyword:"pattern",params:{pattern: "^((4|8|16|32|64|128|256|512)K|1M)$"}};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
}
if(data67.dictionary !== undefined){
let data72 = data67.dictionary;
if((typeof data72 !== "string") && (!(((typeof data72 == "number") && (!(data72 % 1) && !isNaN(data72))) && (isFinite(data72))))){
const err148 = {instancePath:instancePath+"/squashfs/dictionary",schemaPath:"#/properties/squashfs/properties/dictionary/type",keyword:"type",params:{type: schema0.properties.squashfs.properties.dictionary.type}};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
if(typeof data72 === "string"){
if(!pattern42.test(data72)){
const err149 = {instancePath:instancePath+"/squashfs/dictionary",schemaPath:"#/properties/squashfs/properties/dictionary/pattern",keyword:"pattern",params:{pattern: "^((8|12|16|24|32|48|64|96|128|192|256|384|512|768)K|1M)$"}};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
}
}
else {
const err150 = {instancePath:instancePath+"/squashfs",schemaPath:"#/properties/squashfs/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
if(data.budget !== undefined){
let data73 = data.budget;
if(data73 && typeof data73 == "object" && !Array.isArray(data73)){
for(const key11 in data73){
if(!((key11 === "iso") || (key11 === "root"))){
const err151 = {instancePath:instancePath+"/budget",schemaPath:"#/properties/budget/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11}};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
}
if(data73.iso !== undefined){
let data74 = data73.iso;
if((typeof data74 !== "string") && (!(((typeof data74 == "number") && (!(data74 % 1) && !isNaN(data74))) && (isFinite(data74))))){
const err152 = {instancePath:instancePath+"/budget/iso",schemaPath:"#/properties/budget/properties/iso/type",keyword:"type",params:{type: schema0.properties.budget.properties.iso.type}};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
if(typeof data74 === "string"){
if(!pattern23.test(data74)){
const err153 = {instancePath:instancePath+"/budget/iso",schemaPath:"#/properties/budget/properties/iso/pattern",keyword:"pattern",params:{pattern: "^([1-9][0-9]{0,14}[KMG]?)$"}};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
}
}
if(data73.root !== undefined){
let data75 = data73.root;
if((typeof data75 !== "string") && (!(((typeof data75 == "number") && (!(data75 % 1) && !isNaN(data75))) && (isFinite(data75))))){
const err154 = {instancePath:instancePath+"/budget/root",schemaPath:"#/properties/budget/properties/root/type",keyword:"type",params:{type: schema0.properties.budget.properties.root.type}};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
if(typeof data75 === "string"){
if(!pattern23.test(data75)){
const err155 = {instancePath:instancePath+"/budget/root",schemaPath:"#/properties/budget/properties/root/pattern",keyword:"pattern",params:{pattern: "^([1-9][0-9]{0,14}[KMG]?)$"}};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
}
}
}
else {
const err156 = {instancePath:instancePath+"/budget",schemaPath:"#/properties/budget/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
}
if(data.menu !== undefined){
let data76 = data.menu;
if(data76 && typeof data76 == "object" && !Array.isArray(data76)){
for(const key12 in data76){
if(!((((((key12 === "theme") || (key12 === "timeout")) || (key12 === "title")) || (key12 === "offer")) || (key12 === "languages")) || (key12 === "entries"))){
const err157 = {instancePath:instancePath+"/menu",schemaPath:"#/properties/menu/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12}};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
}
if(data76.theme !== undefined){
let data77 = data76.theme;
if(typeof data77 === "string"){
if(!pattern45.test(data77)){
const err158 = {instancePath:instancePath+"/menu/theme",schemaPath:"#/properties/menu/properties/theme/pattern",keyword:"pattern",params:{pattern: "^([a-z][a-z0-9-]{0,29}|(?!/)(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]*/[^\\u0000-\\u001f\\u007f\\\\]*)$"}};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
}
else {
const err159 = {instancePath:instancePath+"/menu/theme",schemaPath:"#/properties/menu/properties/theme/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
}
if(data76.timeout !== undefined){
let data78 = data76.timeout;
if(!(((typeof data78 == "number") && (!(data78 % 1) && !isNaN(data78))) && (isFinite(data78)))){
const err160 = {instancePath:instancePath+"/menu/timeout",schemaPath:"#/properties/menu/properties/timeout/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
if((typeof data78 == "number") && (isFinite(data78))){
if(data78 > 3600 || isNaN(data78)){
const err161 = {instancePath:instancePath+"/menu/timeout",schemaPath:"#/properties/menu/properties/timeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600}};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
if(data78 < 0 || isNaN(data78)){
const err162 = {instancePath:instancePath+"/menu/timeout",schemaPath:"#/properties/menu/properties/timeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
}
}
if(data76.title !== undefined){
let data79 = data76.title;
if(typeof data79 === "string"){
if(!pattern46.test(data79)){
const err163 = {instancePath:instancePath+"/menu/title",schemaPath:"#/properties/menu/properties/title/pattern",keyword:"pattern",params:{pattern: "^([!-~]([ -~]{0,58}[!-~])?)$"}};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
}
else {
const err164 = {instancePath:instancePath+"/menu/title",schemaPath:"#/properties/menu/properties/title/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
}
if(data76.offer !== undefined){
let data80 = data76.offer;
if(Array.isArray(data80)){
if(data80.length > 20){
const err165 = {instancePath:instancePath+"/menu/offer",schemaPath:"#/properties/menu/properties/offer/maxItems",keyword:"maxItems",params:{limit: 20}};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
const len10 = data80.length;
for(let i10=0; i10<len10; i10++){
let data81 = data80[i10];
if(typeof data81 !== "string"){
const err166 = {instancePath:instancePath+"/menu/offer/" + i10,schemaPath:"#/properties/menu/properties/offer/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
if(!(((((((((((data81 === "live") || (data81 === "failsafe")) || (data81 === "toram")) || (data81 === "persistence")) || (data81 === "serial")) || (data81 === "languages")) || (data81 === "installer")) || (data81 === "memtest")) || (data81 === "firmware-settings")) || (data81 === "local-disk")) || (data81 === "media-check"))){
const err167 = {instancePath:instancePath+"/menu/offer/" + i10,schemaPath:"#/properties/menu/properties/offer/items/enum",keyword:"enum",params:{allowedValues: schema0.properties.menu.properties.offer.items.enum}};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
}
}
else {
const err168 = {instancePath:instancePath+"/menu/offer",schemaPath:"#/properties/menu/properties/offer/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
}
if(data76.languages !== undefined){
let data82 = data76.languages;
if(Array.isArray(data82)){
if(data82.length > 40){
const err169 = {instancePath:instancePath+"/menu/languages",schemaPath:"#/properties/menu/properties/languages/maxItems",keyword:"maxItems",params:{limit: 40}};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
const len11 = data82.length;
for(let i11=0; i11<len11; i11++){
let data83 = data82[i11];
if(data83 && typeof data83 == "object" && !Array.isArray(data83)){
if(data83.title === undefined){
const err170 = {instancePath:instancePath+"/menu/languages/" + i11,schemaPath:"#/properties/menu/properties/languages/items/required",keyword:"required",params:{missingProperty: "title"}};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
if(data83.locale === undefined){
const err171 = {instancePath:instancePath+"/menu/languages/" + i11,schemaPath:"#/properties/menu/properties/languages/items/required",keyword:"required",params:{missingProperty: "locale"}};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
if(data83.layout === undefined){
const err172 = {instancePath:instancePath+"/menu/languages/" + i11,schemaPath:"#/properties/menu/properties/languages/items/required",keyword:"required",params:{missingProperty: "layout"}};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
for(const key13 in data83){
if(!(((key13 === "title") || (key13 === "locale")) || (key13 === "layout"))){
const err173 = {instancePath:instancePath+"/menu/languages/" + i11,schemaPath:"#/properties/menu/properties/languages/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13}};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
}
if(data83.title !== undefined){
let data84 = data83.title;
if(typeof data84 === "string"){
if(!pattern46.test(data84)){
const err174 = {instancePath:instancePath+"/menu/languages/" + i11+"/title",schemaPath:"#/properties/menu/properties/languages/items/properties/title/pattern",keyword:"pattern",params:{pattern: "^([!-~]([ -~]{0,58}[!-~])?)$"}};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
}
else {
const err175 = {instancePath:instancePath+"/menu/languages/" + i11+"/title",schemaPath:"#/properties/menu/properties/languages/items/properties/title/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
}
if(data83.locale !== undefined){
let data85 = data83.locale;
if(typeof data85 === "string"){
if(!pattern32.test(data85)){
const err176 = {instancePath:instancePath+"/menu/languages/" + i11+"/locale",schemaPath:"#/properties/menu/properties/languages/items/properties/locale/pattern",keyword:"pattern",params:{pattern: "^(C\\.UTF-8|[a-z]{2,3}_[A-Z]{2}\\.UTF-8)$"}};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
}
else {
const err177 = {instancePath:instancePath+"/menu/languages/" + i11+"/locale",schemaPath:"#/properties/menu/properties/languages/items/properties/locale/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
}
if(data83.layout !== undefined){
let data86 = data83.layout;
if(typeof data86 === "string"){
if(!pattern34.test(data86)){
const err178 = {instancePath:instancePath+"/menu/languages/" + i11+"/layout",schemaPath:"#/properties/menu/properties/languages/items/properties/layout/pattern",keyword:"pattern",params:{pattern: "^([a-z]{2,12}(,[a-z]{2,12}){0,3})$"}};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
}
else {
const err179 = {instancePath:instancePath+"/menu/languages/" + i11+"/layout",schemaPath:"#/properties/menu/properties/languages/items/properties/layout/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
}
}
else {
const err180 = {instancePath:instancePath+"/menu/languages/" + i11,schemaPath:"#/properties/menu/properties/languages/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
}
}
else {
const err181 = {instancePath:instancePath+"/menu/languages",schemaPath:"#/properties/menu/properties/languages/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
}
if(data76.entries !== undefined){
let data87 = data76.entries;
if(Array.isArray(data87)){
if(data87.length > 20){
const err182 = {instancePath:instancePath+"/menu/entries",schemaPath:"#/properties/menu/properties/entries/maxItems",keyword:"maxItems",params:{limit: 20}};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
const len12 = data87.length;
for(let i12=0; i12<len12; i12++){
let data88 = data87[i12];
if(data88 && typeof data88 == "object" && !Array.isArray(data88)){
if(data88.name === undefined){
const err183 = {instancePath:instancePath+"/menu/entries/" + i12,schemaPath:"#/properties/menu/properties/entries/items/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
if(data88.title === undefined){
const err184 = {instancePath:instancePath+"/menu/entries/" + i12,schemaPath:"#/properties/menu/properties/entries/items/required",keyword:"required",params:{missingProperty: "title"}};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
for(const key14 in data88){
if(!(((key14 === "name") || (key14 === "title")) || (key14 === "arguments"))){
const err185 = {instancePath:instancePath+"/menu/entries/" + i12,schemaPath:"#/properties/menu/properties/entries/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14}};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
}
if(data88.name !== undefined){
let data89 = data88.name;
if(typeof data89 === "string"){
if(!pattern12.test(data89)){
const err186 = {instancePath:instancePath+"/menu/entries/" + i12+"/name",schemaPath:"#/properties/menu/properties/entries/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9]([a-z0-9-]{0,29}[a-z0-9])?)$"}};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
}
else {
const err187 = {instancePath:instancePath+"/menu/entries/" + i12+"/name",schemaPath:"#/properties/menu/properties/entries/items/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
}
if(data88.title !== undefined){
let data90 = data88.title;
if(typeof data90 === "string"){
if(!pattern46.test(data90)){
const err188 = {instancePath:instancePath+"/menu/entries/" + i12+"/title",schemaPath:"#/properties/menu/properties/entries/items/properties/title/pattern",keyword:"pattern",params:{pattern: "^([!-~]([ -~]{0,58}[!-~])?)$"}};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
}
else {
const err189 = {instancePath:instancePath+"/menu/entries/" + i12+"/title",schemaPath:"#/properties/menu/properties/entries/items/properties/title/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
}
if(data88.arguments !== undefined){
let data91 = data88.arguments;
if(Array.isArray(data91)){
if(data91.length > 50){
const err190 = {instancePath:instancePath+"/menu/entries/" + i12+"/arguments",schemaPath:"#/properties/menu/properties/entries/items/properties/arguments/maxItems",keyword:"maxItems",params:{limit: 50}};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
const len13 = data91.length;
for(let i13=0; i13<len13; i13++){
let data92 = data91[i13];
if(typeof data92 === "string"){
if(!pattern39.test(data92)){
const err191 = {instancePath:instancePath+"/menu/entries/" + i12+"/arguments/" + i13,schemaPath:"#/properties/menu/properties/entries/items/properties/arguments/items/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9_][A-Za-z0-9_.,:/=+@%!~*-]{0,199})$"}};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
}
else {
const err192 = {instancePath:instancePath+"/menu/entries/" + i12+"/arguments/" + i13,schemaPath:"#/properties/menu/properties/entries/items/properties/arguments/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
}
}
else {
const err193 = {instancePath:instancePath+"/menu/entries/" + i12+"/arguments",schemaPath:"#/properties/menu/properties/entries/items/properties/arguments/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
}
}
else {
const err194 = {instancePath:instancePath+"/menu/entries/" + i12,schemaPath:"#/properties/menu/properties/entries/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
}
}
else {
const err195 = {instancePath:instancePath+"/menu/entries",schemaPath:"#/properties/menu/properties/entries/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
}
}
else {
const err196 = {instancePath:instancePath+"/menu",schemaPath:"#/properties/menu/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
}
if(data.installer !== undefined){
let data93 = data.installer;
if(data93 && typeof data93 == "object" && !Array.isArray(data93)){
for(const key15 in data93){
if(!((((((key15 === "kind") || (key15 === "graphical")) || (key15 === "text")) || (key15 === "speech")) || (key15 === "preseed")) || (key15 === "source"))){
const err197 = {instancePath:instancePath+"/installer",schemaPath:"#/properties/installer/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key15}};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
}
if(data93.kind !== undefined){
let data94 = data93.kind;
if(typeof data94 !== "string"){
const err198 = {instancePath:instancePath+"/installer/kind",schemaPath:"#/properties/installer/properties/kind/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err198];
}
else {
vErrors.push(err198);
}
errors++;
}
if(!((data94 === "none") || (data94 === "debian-installer"))){
const err199 = {instancePath:instancePath+"/installer/kind",schemaPath:"#/properties/installer/properties/kind/enum",keyword:"enum",params:{allowedValues: schema0.properties.installer.properties.kind.enum}};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
}
if(data93.graphical !== undefined){
if(typeof data93.graphical !== "boolean"){
const err200 = {instancePath:instancePath+"/installer/graphical",schemaPath:"#/properties/installer/properties/graphical/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err200];
}
else {
vErrors.push(err200);
}
errors++;
}
}
if(data93.text !== undefined){
if(typeof data93.text !== "boolean"){
const err201 = {instancePath:instancePath+"/installer/text",schemaPath:"#/properties/installer/properties/text/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err201];
}
else {
vErrors.push(err201);
}
errors++;
}
}
if(data93.speech !== undefined){
if(typeof data93.speech !== "boolean"){
const err202 = {instancePath:instancePath+"/installer/speech",schemaPath:"#/properties/installer/properties/speech/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err202];
}
else {
vErrors.push(err202);
}
errors++;
}
}
if(data93.preseed !== undefined){
let data98 = data93.preseed;
if(typeof data98 === "string"){
if(!pattern10.test(data98)){
const err203 = {instancePath:instancePath+"/installer/preseed",schemaPath:"#/properties/installer/properties/preseed/pattern",keyword:"pattern",params:{pattern: "^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"}};
if(vErrors === null){
vErrors = [err203];
}
else {
vErrors.push(err203);
}
errors++;
}
}
else {
const err204 = {instancePath:instancePath+"/installer/preseed",schemaPath:"#/properties/installer/properties/preseed/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err204];
}
else {
vErrors.push(err204);
}
errors++;
}
}
if(data93.source !== undefined){
let data99 = data93.source;
if(typeof data99 !== "string"){
const err205 = {instancePath:instancePath+"/installer/source",schemaPath:"#/properties/installer/properties/source/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err205];
}
else {
vErrors.push(err205);
}
errors++;
}
if(!((data99 === "package") || (data99 === "mirror"))){
const err206 = {instancePath:instancePath+"/installer/source",schemaPath:"#/properties/installer/properties/source/enum",keyword:"enum",params:{allowedValues: schema0.properties.installer.properties.source.enum}};
if(vErrors === null){
vErrors = [err206];
}
else {
vErrors.push(err206);
}
errors++;
}
}
}
else {
const err207 = {instancePath:instancePath+"/installer",schemaPath:"#/properties/installer/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err207];
}
else {
vErrors.push(err207);
}
errors++;
}
}
if(data.media !== undefined){
let data100 = data.media;
if(Array.isArray(data100)){
if(data100.length > 10){
const err208 = {instancePath:instancePath+"/media",schemaPath:"#/properties/media/maxItems",keyword:"maxItems",params:{limit: 10}};
if(vErrors === null){
vErrors = [err208];
}
else {
vErrors.push(err208);
}
errors++;
}
if(data100.length < 1){
const err209 = {instancePath:instancePath+"/media",schemaPath:"#/properties/media/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err209];
}
else {
vErrors.push(err209);
}
errors++;
}
const len14 = data100.length;
for(let i14=0; i14<len14; i14++){
let data101 = data100[i14];
if(data101 && typeof data101 == "object" && !Array.isArray(data101)){
if(data101.kind === undefined){
const err210 = {instancePath:instancePath+"/media/" + i14,schemaPath:"#/properties/media/items/required",keyword:"required",params:{missingProperty: "kind"}};
if(vErrors === null){
vErrors = [err210];
}
else {
vErrors.push(err210);
}
errors++;
}
for(const key16 in data101){
if(!(key16 === "kind")){
const err211 = {instancePath:instancePath+"/media/" + i14,schemaPath:"#/properties/media/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key16}};
if(vErrors === null){
vErrors = [err211];
}
else {
vErrors.push(err211);
}
errors++;
}
}
if(data101.kind !== undefined){
let data102 = data101.kind;
if(typeof data102 !== "string"){
const err212 = {instancePath:instancePath+"/media/" + i14+"/kind",schemaPath:"#/properties/media/items/properties/kind/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err212];
}
else {
vErrors.push(err212);
}
errors++;
}
if(!((data102 === "iso") || (data102 === "netboot"))){
const err213 = {instancePath:instancePath+"/media/" + i14+"/kind",schemaPath:"#/properties/media/items/properties/kind/enum",keyword:"enum",params:{allowedValues: schema0.properties.media.items.properties.kind.enum}};
if(vErrors === null){
vErrors = [err213];
}
else {
vErrors.push(err213);
}
errors++;
}
}
}
else {
const err214 = {instancePath:instancePath+"/media/" + i14,schemaPath:"#/properties/media/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err214];
}
else {
vErrors.push(err214);
}
errors++;
}
}
}
else {
const err215 = {instancePath:instancePath+"/media",schemaPath:"#/properties/media/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err215];
}
else {
vErrors.push(err215);
}
errors++;
}
}
if(data.volume !== undefined){
let data103 = data.volume;
if(typeof data103 === "string"){
if(!pattern54.test(data103)){
const err216 = {instancePath:instancePath+"/volume",schemaPath:"#/properties/volume/pattern",keyword:"pattern",params:{pattern: "^([A-Z0-9_]{1,32})$"}};
if(vErrors === null){
vErrors = [err216];
}
else {
vErrors.push(err216);
}
errors++;
}
}
else {
const err217 = {instancePath:instancePath+"/volume",schemaPath:"#/properties/volume/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err217];
}
else {
vErrors.push(err217);
}
errors++;
}
}
if(data["medium-hooks"] !== undefined){
let data104 = data["medium-hooks"];
if(Array.isArray(data104)){
if(data104.length > 100){
const err218 = {instancePath:instancePath+"/medium-hooks",schemaPath:"#/properties/medium-hooks/maxItems",keyword:"maxItems",params:{limit: 100}};
if(vErrors === null){
vErrors = [err218];
}
else {
vErrors.push(err218);
}
errors++;
}
const len15 = data104.length;
for(let i15=0; i15<len15; i15++){
let data105 = data104[i15];
if(typeof data105 === "string"){
if(!pattern10.test(data105)){
const err219 = {instancePath:instancePath+"/medium-hooks/" + i15,schemaPath:"#/properties/medium-hooks/items/pattern",keyword:"pattern",params:{pattern: "^((?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400})$"}};
if(vErrors === null){
vErrors = [err219];
}
else {
vErrors.push(err219);
}
errors++;
}
}
else {
const err220 = {instancePath:instancePath+"/medium-hooks/" + i15,schemaPath:"#/properties/medium-hooks/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err220];
}
else {
vErrors.push(err220);
}
errors++;
}
}
}
else {
const err221 = {instancePath:instancePath+"/medium-hooks",schemaPath:"#/properties/medium-hooks/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err221];
}
else {
vErrors.push(err221);
}
errors++;
}
}
if(data.checks !== undefined){
let data106 = data.checks;
if(Array.isArray(data106)){
if(data106.length > 100){
const err222 = {instancePath:instancePath+"/checks",schemaPath:"#/properties/checks/maxItems",keyword:"maxItems",params:{limit: 100}};
if(vErrors === null){
vErrors = [err222];
}
else {
vErrors.push(err222);
}
errors++;
}
const len16 = data106.length;
for(let i16=0; i16<len16; i16++){
let data107 = data106[i16];
if(typeof data107 === "string"){
if(!pattern56.test(data107)){
const err223 = {instancePath:instancePath+"/checks/" + i16,schemaPath:"#/properties/checks/items/pattern",keyword:"pattern",params:{pattern: "^([!-~][ -~]{0,999})$"}};
if(vErrors === null){
vErrors = [err223];
}
else {
vErrors.push(err223);
}
errors++;
}
}
else {
const err224 = {instancePath:instancePath+"/checks/" + i16,schemaPath:"#/properties/checks/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err224];
}
else {
vErrors.push(err224);
}
errors++;
}
}
}
else {
const err225 = {instancePath:instancePath+"/checks",schemaPath:"#/properties/checks/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err225];
}
else {
vErrors.push(err225);
}
errors++;
}
}
}
else {
const err226 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err226];
}
else {
vErrors.push(err226);
}
errors++;
}
validate0.errors = vErrors;
return errors === 0;
}

